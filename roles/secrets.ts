import type { Config } from './config/config.ts';
import { readSecret } from './config/read.ts';
import type { Home } from './home.ts';
import { readSecretFile } from './secret-files.ts';
import type { SecretName } from './secret-files.ts';

/** The secret the configuration refers to, or the one made for this home. */
export function secretOf(config: Config, home: Home, name: SecretName): string {
  return readSecret(referenceTo(config, name)) ?? readSecretFile(home, name);
}

function referenceTo({ secrets, respond }: Config, name: SecretName): string {
  switch (name) {
    case 'storage-writer':
      return secrets.storage_writer;
    case 'storage-reader':
      return secrets.storage_reader;
    case 'storage-redactor':
      return secrets.storage_redactor;
    case 'storage-retention':
      return secrets.storage_retention;
    case 'keys-gateway':
      return secrets.keys_gateway;
    case 'keys-worker':
      return secrets.keys_worker;
    case 'keys-compliance':
      return secrets.keys_compliance;
    case 'keys-operator':
      return secrets.keys_operator;
    case 'keys-retention':
      return secrets.keys_retention;
    case 'keys-console':
      return secrets.keys_console;
    case 'keys-respond':
      return secrets.keys_respond;
    case 'respond-command':
      return secrets.respond_command;
    case 'gateway-receipt':
      return secrets.gateway_receipt;
    case 'webhook':
      return respond.webhooks.secret;
    default:
      return name satisfies never;
  }
}
