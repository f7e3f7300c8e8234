import { replicaUrls } from '../../storage/client/replicas.ts';
import { hashPassword } from '../../storage/migrations/access.ts';
import type { PasswordHash } from '../../storage/migrations/access.ts';
import { deploy, deploymentStatements } from '../../storage/migrations/deployment.ts';
import { loadConfig } from '../config/config.ts';
import type { Config } from '../config/config.ts';
import { readSecret } from '../config/read.ts';
import { homeAt } from '../home.ts';
import { secretOf } from '../secrets.ts';

export interface MigrateOptions {
  readonly print?: true;
  readonly json?: true;
  /** ClickHouse's administrator. */
  readonly user: string;
}

const PLACEHOLDER: PasswordHash = { hash: '<SHA-256 of password and salt>', salt: '<salt>' };

/** Makes or updates database, tables, users and rights on the ClickHouse of the configuration, or prints how. */
export async function migrate(options: MigrateOptions): Promise<number> {
  const config = loadConfig();
  if (options.print === true) {
    const statements = deploymentStatements({ config: config.storage, writer: PLACEHOLDER, reader: PLACEHOLDER, ...(config.secrets.storage_retention === '' ? {} : { retention: PLACEHOLDER }) });
    process.stdout.write(options.json === true ? `${JSON.stringify({ statements })}\n` : statements.map((statement) => `${statement};\n\n`).join(''));
    return 0;
  }
  const [url] = replicaUrls(config.addresses.storage);
  if (url === undefined || (await isStorageRole(url))) {
    say(options, { nothing_to_do: true }, 'Nothing to do: the storage role brings its tables up to date when it starts.');
    return 0;
  }
  const [writer, reader] = [passwordOf(config, 'storage-writer'), passwordOf(config, 'storage-reader')];
  const administrator = { url, user: options.user, password: readSecret(config.secrets.storage_admin) ?? '' };
  const retention = readSecret(config.secrets.storage_retention);
  const deployed = await deploy({ config: config.storage, writer, reader, ...(retention === undefined ? {} : { retention: hashPassword(retention) }) }, administrator);
  const ran = deployed.migrations.length === 0 ? 'the tables were up to date' : `ran ${deployed.migrations.join(', ')}`;
  say(options, deployed, `ClickHouse ${deployed.version}: ${ran}; users and rights are set.`);
  return 0;
}

function say(options: MigrateOptions, result: object, text: string): void {
  process.stdout.write(options.json === true ? `${JSON.stringify(result)}\n` : `${text}\n`);
}

function passwordOf(config: Config, name: 'storage-writer' | 'storage-reader'): PasswordHash {
  try {
    return hashPassword(secretOf(config, homeAt(), name));
  } catch (cause) {
    throw new Error(`there is no password for the user ${name.replace('storage-', '')}: name it as secrets.${name.replace('-', '_')} in the configuration`, { cause });
  }
}

/** Whether the address is a storage role's. One that does not answer is left to the first statement, which says why. */
async function isStorageRole(url: string): Promise<boolean> {
  try {
    const answer = await fetch(new URL('/ping', url), { signal: AbortSignal.timeout(10_000) });
    return answer.headers.get('x-clickhouse-server-display-name') === 'tourniquet';
  } catch {
    return false;
  }
}
