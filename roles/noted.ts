import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Home } from './home.ts';

/** What the trail was last told of things that seldom change, so that a start which changes nothing says nothing. */
export interface Noted {
  get(name: string): string | undefined;
  /** Call it once the trail was told: a crash between costs a repeat. */
  set(name: string, text: string): void;
}

/** A lost or damaged file is no fault: the trail is told again. Each process has a name of its own here, as it writes all of its file. */
export function openNoted(home: Home, stem = 'noted'): Noted {
  const file = path.join(home.data, `${stem}.json`);
  const notes = readNotes(file);
  return {
    get: (name) => notes.get(name),
    set(name, text) {
      notes.set(name, text);
      writeFileSync(`${file}.new`, `${JSON.stringify(Object.fromEntries(notes))}\n`, { mode: 0o600 });
      renameSync(`${file}.new`, file);
    },
  };
}

function readNotes(file: string): Map<string, string> {
  try {
    const read: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof read !== 'object' || read === null) return new Map();
    return new Map(Object.entries(read).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  } catch {
    return new Map();
  }
}
