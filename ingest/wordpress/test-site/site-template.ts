import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { MariaDb } from './maria-db.ts';
import { PEOPLE } from './people.ts';
import { phpLiteral, runPhp } from './php-runner.ts';
import { PHP_SOURCE, STAND_IN_SOURCE, WORDPRESS_SOURCE, WordPressTree } from './wordpress-tree.ts';

const CACHE = fileURLToPath(new URL('../../../node_modules/.cache/tourniquet-wordpress', import.meta.url));

/** How a site calls itself in a template, until it has a port. */
export const TEMPLATE_HOST = 'template.example';

function filesBelow(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' }).map((f) => path.join(directory, f)).filter((f) => statSync(f).isFile()).toSorted();
}

/** Everything a template is made of. */
function fingerprint(): string {
  const hash = createHash('sha256');
  for (const file of [...filesBelow(PHP_SOURCE), ...filesBelow(STAND_IN_SOURCE), ...['people.ts', 'site-template.ts', 'maria-db.ts'].map((f) => fileURLToPath(new URL(f, import.meta.url))), path.join(WORDPRESS_SOURCE, 'wp-includes/version.php')]) {
    hash.update(`${file}\0`).update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex').slice(0, 16);
}

async function make(directory: string, isNetwork: boolean): Promise<string> {
  await using database = await MariaDb.start(path.join(directory, 'db'));
  const config = { socket: database.socket, log: path.join(directory, 'php.log'), network: '', constants: {} };
  const tree = WordPressTree.make(path.join(directory, 'tree'), config);
  const people = `$people = ${phpLiteral(Object.values(PEOPLE))};\n`;
  const step = (file: string, installing = false): Promise<string> => runPhp(
    { tree: tree.root, host: TEMPLATE_HOST, installing, ini: { sendmail_path: '/bin/true' } },
    people + readFileSync(path.join(PHP_SOURCE, file), 'utf8').replace('<?php', ''),
  );
  await step('install.php', true);
  if (isNetwork) {
    await step('network.php');
    tree.configure({ ...config, network: TEMPLATE_HOST });
  }
  await step('people.php');
  return await database.stopCleanly();
}

/** The data directory of a MariaDB with an installed WordPress and its people; made once for what it is made of. */
export async function siteTemplate(isNetwork: boolean): Promise<string> {
  const wanted = path.join(CACHE, `${fingerprint()}-${isNetwork ? 'network' : 'single'}`);
  if (existsSync(wanted)) return wanted;
  mkdirSync(CACHE, { recursive: true });
  const temporary = mkdtempSync(path.join(os.tmpdir(), 'tq-'));
  try {
    const made = await make(temporary, isNetwork);
    const beside = mkdtempSync(path.join(CACHE, 'new-'));
    rmSync(beside, { recursive: true });
    try {
      renameSync(made, beside);
    } catch {
      // The cache lies on another disk than temporary files.
      cpSync(made, beside, { recursive: true });
    }
    try {
      renameSync(beside, wanted);
    } catch {
      // Another process was quicker; its template is as good.
      rmSync(beside, { recursive: true, force: true });
    }
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return wanted;
}
