import { spawn } from 'node:child_process';
import path from 'node:path';
import { PHP_SOURCE } from './wordpress-tree.ts';

export interface PhpPlace {
  readonly tree: string;
  /** Host and port as a browser would name them. */
  readonly host: string;
  /** The path of one site of a network, `/` of the first. */
  readonly path?: string;
  readonly ini?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly installing?: boolean;
}

export function iniArguments(ini: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(ini).flatMap(([name, value]) => ['-d', `${name}=${value}`]);
}

/** Runs statements inside WordPress, on the command line; gives what they print. Throws when PHP ends with another code than 0. */
export function runPhp(place: PhpPlace, code: string): Promise<string> {
  const args = [...iniArguments(place.ini ?? {}), path.join(PHP_SOURCE, 'run.php'), place.tree, place.host, place.path ?? '/', ...(place.installing === true ? ['installing'] : [])];
  return new Promise((resolve, reject) => {
    const child = spawn('php', args, { env: { ...process.env, ...place.env } });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (c: string) => (out += c));
    child.stderr.setEncoding('utf8').on('data', (c: string) => (err += c));
    child.on('error', reject);
    child.on('close', (exitCode) => (exitCode === 0 ? resolve(out) : reject(new Error(`PHP ended with ${exitCode}: ${err}${out}`))));
    child.stdin.on('error', () => undefined).end(code);
  });
}

/** A value as PHP source. */
export function phpLiteral(value: unknown): string {
  return `json_decode(base64_decode('${Buffer.from(JSON.stringify(value)).toString('base64')}'), true)`;
}
