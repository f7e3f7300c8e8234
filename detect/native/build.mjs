// Plain JavaScript: the set-up runs it under whatever Node (20 or later) the machine has.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const here = dirname(fileURLToPath(import.meta.url));
const sources = join(here, 'src');
const HYPERSCAN_HEADER = '/usr/include/hs/hs.h';
const FLAGS = ['-std=c++17', '-O3', '-fPIC', '-shared', '-fvisibility=hidden', '-fno-strict-aliasing', '-Wall', '-Wextra', '-DNAPI_VERSION=8'];

/** Folder of Node's own headers: the Node from npm brings them; otherwise those beside the running Node. */
function headers() {
  const require = createRequire(import.meta.url);
  try {
    return join(dirname(require.resolve(`node-${process.platform}-${process.arch}/package.json`)), 'include', 'node');
  } catch {
    // That package exists for few platforms.
    return join(dirname(process.execPath), '..', 'include', 'node');
  }
}

/** @param {string} include */
async function contentHash(include) {
  const hash = createHash('sha256').update(FLAGS.join(' '));
  const names = (await readdir(sources)).filter((name) => name.endsWith('.cc') || name.endsWith('.h')).toSorted();
  for (const name of names) hash.update(`\0${name}\0`).update(await readFile(join(sources, name)));
  for (const path of [join(include, 'node_version.h'), HYPERSCAN_HEADER]) {
    hash.update('\0').update(existsSync(path) ? await readFile(path) : '');
  }
  return hash.digest('hex').slice(0, 16);
}

/** Where the addon of these sources stands, built or not. */
export async function nativeFile() {
  const hash = await contentHash(headers());
  return join(here, 'build', `tourniquet-${process.platform}-${process.arch}-${hash}.node`);
}

/** @param {string} include */
function missing(include) {
  if (!existsSync(join(include, 'node_api.h'))) return `Node's headers are missing in ${include}: run npm ci`;
  if (!existsSync(HYPERSCAN_HEADER)) return 'Hyperscan headers are missing: apt-get install libvectorscan-dev';
  return undefined;
}

/**
 * Compiles the addon unless the file for these very sources is there. Safe to run twice at a time: the last rename wins
 * with equal content. Older builds stay, so that a running process keeps its own.
 * @returns {Promise<{file: string, built: boolean}>}
 */
export async function buildNative() {
  const file = await nativeFile();
  if (existsSync(file)) return { file, built: false };
  const include = headers();
  const problem = missing(include);
  if (problem !== undefined) throw new Error(`TQ-DETECT-03: ${problem}`);
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  const units = (await readdir(sources)).filter((name) => name.endsWith('.cc')).toSorted().map((name) => join(sources, name));
  try {
    await run('g++', [...FLAGS, `-I${include}`, ...units, '-lhs', '-o', temporary]);
    await rename(temporary, file);
  } catch (cause) {
    await rm(temporary, { force: true });
    const absent = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    throw new Error(absent ? 'TQ-DETECT-03: no compiler: apt-get install g++' : 'TQ-DETECT-03: the native addon does not compile', { cause });
  }
  return { file, built: true };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { file, built } = await buildNative();
  process.stdout.write(`${built ? 'built' : 'up to date'}: ${file}\n`);
}
