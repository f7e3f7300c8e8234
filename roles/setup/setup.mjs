#!/usr/bin/env node
// Sets up a checkout: dependencies (with Node 24 among them), system libraries, the native addon.
// Runs on any Node from 20 on, so it is plain JavaScript. Safe to repeat; does nothing when nothing is to do.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import path from 'node:path';
import process from 'node:process';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const stampFile = path.join(root, 'node_modules/.tourniquet-setup');
/** @param {string} name */
function onPath(name) {
  return (process.env.PATH ?? '').split(path.delimiter).map((directory) => path.join(directory, name));
}

/** Directories of libraries of this machine's kind. */
function libraries() {
  return existsSync('/usr/lib') ? readdirSync('/usr/lib').filter((name) => name.endsWith('-linux-gnu')).map((name) => path.join('/usr/lib', name)) : [];
}

/** Of any version of PHP. @param {string} name */
function phpExtension(name) {
  return existsSync('/usr/lib/php') ? readdirSync('/usr/lib/php').map((version) => path.join('/usr/lib/php', version, `${name}.so`)) : [];
}

/** What runs need: files that show it is there, and Debian's package. */
const SYSTEM = [
  { shows: onPath('g++'), apt: 'g++' },
  { shows: ['/usr/include/hs/hs.h', '/usr/local/include/hs/hs.h'], apt: 'libvectorscan-dev' },
];
/**
 * What tests, measures and chaos need besides: a real Kafka comes through Maven and runs on Java; namespaces cut networks; a real WordPress,
 * its database and its language run the plugin; rsyslog ships logs.
 */
const SYSTEM_FOR_TESTS = [
  { shows: onPath('java'), apt: 'openjdk-17-jre-headless' },
  { shows: onPath('mvn'), apt: 'maven' },
  { shows: onPath('openssl'), apt: 'openssl' },
  { shows: [...onPath('ip'), '/usr/sbin/ip'], apt: 'iproute2' },
  { shows: ['/usr/share/wordpress/wp-settings.php'], apt: 'wordpress' },
  { shows: ['/usr/share/wordpress/wp-content/themes/twentytwentyone/style.css'], apt: 'wordpress-theme-twentytwentyone' },
  { shows: onPath('php'), apt: 'php-cli' },
  ...['mysqli', 'curl', 'dom', 'mbstring'].map((name) => ({ shows: phpExtension(name), apt: `php-${{ mysqli: 'mysql', dom: 'xml' }[name] ?? name}` })),
  { shows: [...onPath('mariadbd'), '/usr/sbin/mariadbd'], apt: 'mariadb-server' },
  { shows: onPath('phpunit'), apt: 'phpunit' },
  { shows: onPath('phpcs'), apt: 'php-codesniffer' },
  { shows: [...onPath('rsyslogd'), '/usr/sbin/rsyslogd'], apt: 'rsyslog' },
  { shows: ['/usr/lib', ...libraries()].map((directory) => path.join(directory, 'rsyslog/lmnsd_ossl.so')), apt: 'rsyslog-openssl' },
];
const forTests = process.argv.includes('--tests');

/** @param {string} text */
function say(text) {
  process.stderr.write(`setup: ${text}\n`);
}

/** @param {string} text @returns {never} */
function fail(text) {
  say(text);
  process.exit(1);
}

/** @param {string} command @param {string[]} args */
function run(command, args) {
  const result = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8', maxBuffer: 1 << 26 });
  return { ok: result.status === 0, output: `${result.stdout ?? ''}${result.stderr ?? ''}${result.error?.message ?? ''}` };
}

function installDependencies() {
  const lock = createHash('sha256').update(readFileSync(path.join(root, 'package-lock.json'))).digest('hex');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8').trim() === lock) return;
  say('installing dependencies (a minute the first time) …');
  const npm = run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund']);
  if (!npm.ok) fail(`npm ci failed:\n${npm.output.trim().split('\n').slice(-15).join('\n')}\nRun "npm ci --ignore-scripts" by hand to see all of it.`);
  mkdirSync(path.dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, `${lock}\n`);
}

function installSystemLibraries() {
  const wanted = forTests ? [...SYSTEM, ...SYSTEM_FOR_TESTS] : SYSTEM;
  const missing = wanted.filter((s) => !s.shows.some((file) => existsSync(file))).map((s) => s.apt);
  if (missing.length === 0) return;
  const command = `apt-get update && apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  const hint = `${forTests ? 'The detection engine and the tests need' : 'The detection engine needs'} ${missing.join(', ')}. Install with:\n\n    sudo sh -c '${command}'\n`;
  if (process.platform !== 'linux' || !existsSync('/usr/bin/apt-get')) fail(hint);
  if (process.getuid?.() !== 0) fail(hint);
  say(`installing ${missing.join(', ')} …`);
  const apt = run('sh', ['-c', `export DEBIAN_FRONTEND=noninteractive; ${command}`]);
  if (!apt.ok) fail(`${apt.output.trim().split('\n').slice(-10).join('\n')}\n${hint}`);
}

async function buildAddon() {
  const { buildNative } = await import(pathToFileURL(path.join(root, 'detect/native/build.mjs')).href);
  try {
    const { built } = await buildNative();
    if (built) say('native addon built');
  } catch (error) {
    fail(`the native addon did not build: ${error instanceof Error ? error.message : String(error)}`);
  }
}

installDependencies();
installSystemLibraries();
await buildAddon();
