import type { Config } from './config/config.ts';
import type { Home } from './home.ts';
import { readRunFile } from './run-file.ts';

/** Where shippers find the gateway: the public address, the running one, or the one it will have. */
export function gatewayAddress(config: Config, home: Home): string {
  if (config.public_url !== '') return config.public_url;
  return readRunFile(home, 'gateway')?.url ?? `http://${config.gateway.host}:${config.gateway.port}`;
}
