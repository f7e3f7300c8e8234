import { expect, test } from 'vitest';
import { refusal, startFakeServer } from '../client/fake-server.ts';
import type { Answer, Asked } from '../client/fake-server.ts';
import { defaultStorageConfig } from '../config.ts';
import { hashPassword } from './access.ts';
import { deploy, deploymentStatements } from './deployment.ts';
import type { Deployed } from './deployment.ts';
import { readMigrations } from './migrate.ts';

const SECRETS = ['writer', 'reader', 'admin'].map((name) => `password-of-the-${name}`);
const [WRITER = '', READER = '', ADMIN = ''] = SECRETS;
const PASSWORDS = { writer: hashPassword(WRITER), reader: hashPassword(READER) };

interface Run {
  readonly asked: readonly Asked[];
  readonly result: Deployed | Error;
}

async function run(answer: (asked: Asked) => Answer, cluster = 'main'): Promise<Run> {
  await using server = await startFakeServer(answer);
  const deployment = { config: { ...defaultStorageConfig(), cluster }, ...PASSWORDS };
  const result = await deploy(deployment, { url: `${server.url},http://127.0.0.1:1`, user: 'root', password: ADMIN }).catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
  return { asked: server.asked, result };
}

function release(version: string, done: readonly object[] = []): (asked: Asked) => Answer {
  return ({ query }) => {
    if (query.startsWith('SELECT version()')) return { body: `${JSON.stringify({ version })}\n` };
    return { body: query.startsWith('SELECT version,') ? done.map((row) => `${JSON.stringify(row)}\n`).join('') : '' };
  };
}

const DONE = readMigrations().map(({ version, checksum }) => ({ version, checksum }));

test.each(['', 'main'])('on an empty store every statement that is printed runs, in order (cluster "%s")', async (cluster) => {
  const { asked, result } = await run(release('25.12.3.21'), cluster);
  const ran = asked.map(({ query }) => query).filter((query) => !query.startsWith('SELECT'));
  // A person's client has to be told the database; ours is connected to it.
  const printed = deploymentStatements({ config: { ...defaultStorageConfig(), cluster }, ...PASSWORDS }).filter((statement) => !statement.startsWith('USE '));
  expect(ran).toEqual(printed);
  expect(result).toMatchObject({ version: '25.12.3.21', migrations: readMigrations().map(({ name }) => name) });
  expect(new Set(asked.map(({ user }) => user))).toEqual(new Set(['root']));
});

test('a repeat runs no migration, and sets users and rights again', async () => {
  const { asked, result } = await run(release('26.7.1.1', DONE));
  expect(result).toMatchObject({ migrations: [], access: 9 });
  expect(asked.filter(({ query }) => query.startsWith('GRANT'))).toHaveLength(2);
});

test('no password is sent in a statement or said in an error', async () => {
  const { asked } = await run(release('26.7.1.1'));
  const failed = await run(() => refusal(403, 516, 'AUTHENTICATION_FAILED'));
  const said = [...asked.map(({ query }) => query), String(failed.result)].join('\n');
  for (const secret of SECRETS) expect(said).not.toContain(secret);
  expect(failed.result).toMatchObject({ code: 'TQ-STORAGE-16' });
  expect(String(failed.result)).toContain('AUTHENTICATION_FAILED 516');
});

test.each(['25.8.4.13', '24.3.1.1', '', 'x'])('a server that says it is "%s" is too old: nothing is made on it', async (version) => {
  const { asked, result } = await run(release(version));
  expect(result).toMatchObject({ code: 'TQ-STORAGE-14' });
  expect(asked).toHaveLength(1);
});

test('what the server refuses is told with its own words', async () => {
  const { result } = await run((asked) => (asked.query.startsWith('ALTER USER') ? refusal(500, 495, 'ACCESS_STORAGE_READONLY') : release('26.7.1.1', DONE)(asked)));
  expect(result).toMatchObject({ code: 'TQ-STORAGE-16' });
  expect(String(result)).toContain('ACCESS_STORAGE_READONLY');
});
