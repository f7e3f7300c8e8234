import { mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { signNote } from '../../contracts/checkpoint.ts';
import type { BundleInput } from './bundle-input.ts';
import { DEPLOYMENT, KEY, SITE } from './bundle-fixture.ts';
import { manifestBody, manifestJson } from './manifest.ts';
import { measured } from './measured-file.ts';
import type { FileMeasure } from './measured-file.ts';
import { writeBundle } from './write-bundle.ts';

/** A bundle in memory, by name, so that tests can change it. */
export type Files = Map<string, Buffer>;

export async function written(input: BundleInput): Promise<Files> {
  const files: Files = new Map();
  await writeBundle(input, {
    async write(name, chunks) {
      files.set(name, Buffer.from((await Array.fromAsync(chunks)).join('')));
    },
  });
  return files;
}

export function layDown(files: Files): string {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'tourniquet-bundle-'));
  for (const [name, bytes] of files) {
    mkdirSync(path.dirname(path.join(directory, name)), { recursive: true });
    writeFileSync(path.join(directory, name), bytes);
  }
  return directory;
}

export function pickUp(directory: string): Files {
  const names = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)));
  return new Map(names.toSorted().map((name) => [name, readFileSync(path.join(directory, name))]));
}

/** As whoever holds the key would sign it: a lie that only the checks of content can find. */
export async function signedAgain(files: Files, key = KEY): Promise<Files> {
  const measures = new Map<string, FileMeasure>();
  for (const [name, bytes] of files) {
    if (name.startsWith('manifest.')) continue;
    const file = measured([bytes.toString()]);
    await Array.fromAsync(file.chunks);
    measures.set(name, file.measure());
  }
  const manifest = manifestJson(DEPLOYMENT, SITE, measures);
  return new Map([...files, ['manifest.json', Buffer.from(manifest)], ['manifest.note', Buffer.from(signNote(`${DEPLOYMENT}\nbundle\n${SITE}\n${await manifestBody(manifest)}`, DEPLOYMENT, key))]]);
}
