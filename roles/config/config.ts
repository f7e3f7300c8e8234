import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ConfigOf, Settings } from '../../contracts/settings.ts';
import { CORRELATION_SETTINGS } from '../../detect/correlation/config.ts';
import { RULES_SETTINGS } from '../../detect/rule-set/config.ts';
import { GATEWAY_SETTINGS } from '../../ingest/gateway/config.ts';
import { KAFKA_SETTINGS } from '../../ingest/kafka/config.ts';
import { LOG_SETTINGS } from '../../ingest/log/config.ts';
import { SYSLOG_SETTINGS } from '../../ingest/syslog/config.ts';
import { KEYS_SETTINGS } from '../../keys/config.ts';
import { RESPOND_SETTINGS } from '../../respond/config.ts';
import { AUDIT_SETTINGS } from '../../storage/audit/config.ts';
import { ANCHOR_SETTINGS } from '../../storage/anchor/config.ts';
import { COMMIT_SETTINGS } from '../../storage/commit/config.ts';
import { CONSOLE_SETTINGS } from '../../storage/console/config.ts';
import { CORRELATE_SETTINGS } from '../../storage/correlate/config.ts';
import { RETENTION_SETTINGS } from '../../storage/retention/config.ts';
import { STORAGE_SETTINGS } from '../../storage/config.ts';
import { messageOf } from '../error-message.ts';
import { homeAt } from '../home.ts';
import { ConfigError, readConfig } from './read.ts';

/** Where a role finds one it does not run beside: empty for the one on the same home. */
const ADDRESSES = {
  keys: { kind: 'text', default: '', comment: 'Address of the keys role, when it runs elsewhere: "https://host:port".' },
  storage: { kind: 'text', default: '', comment: 'Address of ClickHouse or of the storage role, when it runs elsewhere; of a cluster each replica, with commas between them.' },
} as const satisfies Settings;

/** Passwords and tokens between roles, for roles that run on several machines; generated otherwise. */
const SECRETS = {
  storage_writer: { kind: 'secret', default: '', comment: 'Password of the ClickHouse user that writes.' },
  storage_reader: { kind: 'secret', default: '', comment: 'Password of the ClickHouse user that reads.' },
  storage_redactor: { kind: 'secret', default: '', comment: 'Password with which "tourniquet redact" asks the storage role; on a ClickHouse server it acts as the administrator.' },
  storage_retention: { kind: 'secret', default: '', comment: 'Password with which "tourniquet expire" drops partitions; on a ClickHouse server only where it is named is there such a user.' },
  storage_admin: { kind: 'secret', default: '', comment: 'Password of the ClickHouse administrator whom "tourniquet migrate" acts as; the running roles never use it.' },
  keys_gateway: { kind: 'secret', default: '', comment: 'Token with which gateways ask the keys role.' },
  keys_worker: { kind: 'secret', default: '', comment: 'Token with which workers ask the keys role.' },
  keys_compliance: { kind: 'secret', default: '', comment: 'Token with which the compliance role asks the keys role.' },
  keys_operator: { kind: 'secret', default: '', comment: 'Token with which "tourniquet keys rotate" asks the keys role.' },
  keys_console: { kind: 'secret', default: '', comment: 'Token with which the console asks the keys role: look-ups and signed bundles, nothing behind a token.' },
  keys_respond: { kind: 'secret', default: '', comment: "Token with which the respond role has token keys sealed to sites' boxes; nobody else may." },
  keys_retention: { kind: 'secret', default: '', comment: 'Token with which "tourniquet expire" asks the keys role; only where that runs.' },
  respond_command: { kind: 'secret', default: '', comment: 'Seed of the key that signs containment commands: 32 bytes as base64url. The respond role and "tourniquet contain" share it; whoever has it can command every site.' },
  gateway_receipt: { kind: 'secret', default: '', comment: 'Seed of the key that signs receipts: 32 bytes as base64url. All gateways share it.' },
} as const satisfies Settings;

export const SETTINGS = {
  public_url: { kind: 'text', default: '', comment: 'Address under which shippers reach the gateway, as enrolment lines name it; empty for the one it listens on.' },
  gateway: { ...GATEWAY_SETTINGS, syslog: SYSLOG_SETTINGS },
  log: { ...LOG_SETTINGS, kafka: KAFKA_SETTINGS },
  rules: RULES_SETTINGS,
  worker: COMMIT_SETTINGS,
  correlation: { ...CORRELATION_SETTINGS, ...CORRELATE_SETTINGS },
  storage: STORAGE_SETTINGS,
  retention: RETENTION_SETTINGS,
  keys: KEYS_SETTINGS,
  respond: RESPOND_SETTINGS,
  anchor: ANCHOR_SETTINGS,
  console: CONSOLE_SETTINGS,
  audit: AUDIT_SETTINGS,
  addresses: ADDRESSES,
  secrets: SECRETS,
} as const satisfies Settings;

export type Config = ConfigOf<typeof SETTINGS>;

/**
 * The configuration of `TOURNIQUET_CONFIG`, or of `tourniquet.yaml` in the home; defaults when there is no file. Throws
 * `ConfigError` with every problem at once.
 */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const named = env['TOURNIQUET_CONFIG'];
  const file = named ?? path.join(homeAt(env['TOURNIQUET_HOME']).root, 'tourniquet.yaml');
  if (named !== undefined && !existsSync(named)) throw new ConfigError([`${named}: there is no such file`]);
  return readConfig(SETTINGS, existsSync(file) ? textOf(file) : '', file);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError([`${file} cannot be read: ${messageOf(error)}`]);
  }
}
