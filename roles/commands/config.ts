import { loadConfig, SETTINGS } from '../config/config.ts';
import { printConfig } from '../config/print.ts';

export async function config(options: { readonly print?: true }): Promise<number> {
  const loaded = loadConfig();
  process.stdout.write(options.print === true ? printConfig(SETTINGS, loaded) : 'The configuration is fine. "--print" shows every key.\n');
  return 0;
}
