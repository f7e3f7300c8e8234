import { openNote, parseCheckpoint, parseNote } from '../../contracts/checkpoint.ts';
import type { NoteVerifier } from '../../contracts/checkpoint.ts';
import { StorageError } from '../errors.ts';
import type { Milestone } from './milestones.ts';

/**
 * Checkpoints that someone keeps outside of the store, by site: signed notes one after another, or NDJSON whose lines hold
 * one each under `note`. Throws `StorageError` for text that is none, and for a note that no known key signed.
 */
export function keptCheckpoints(text: string, verifiers: readonly NoteVerifier[]): ReadonlyMap<string, readonly Milestone[]> {
  const bySite = new Map<string, Milestone[]>();
  const notes = text.trimStart().startsWith('{') ? notesOfLines(text) : notesOf(text);
  for (const { note, line } of notes) {
    const checkpoint = checkpointOf(note, line, verifiers);
    if (checkpoint === undefined) continue;
    const site = checkpoint.origin.slice(checkpoint.origin.lastIndexOf('/') + 1);
    const stones = bySite.get(site) ?? [];
    bySite.set(site, stones);
    stones.push({ kind: 'kept', size: checkpoint.size, root: checkpoint.root });
  }
  if (bySite.size === 0) throw new StorageError('keptUnreadable', 'it holds no checkpoint');
  return bySite;
}

interface PlacedNote {
  readonly note: string;
  /** Of the file, from 1. */
  readonly line: number;
}

/** Undefined for a note that is no checkpoint, such as one that announces a key. */
function checkpointOf(note: string, line: number, verifiers: readonly NoteVerifier[]): ReturnType<typeof parseCheckpoint> {
  const parsed = parseNote(note);
  if (parsed === undefined) throw new StorageError('keptUnreadable', `line ${line}: no signed note`);
  const opened = openNote(note, verifiers);
  if (opened !== undefined) return parseCheckpoint(opened.text);
  const known = parsed.signatures.some((s) => verifiers.some((v) => v.name === s.name && v.keyId === s.keyId));
  const names = parsed.signatures.map(({ name, keyId }) => `${name}+${keyId.toString(16).padStart(8, '0')}`).join(', ');
  throw known ? new StorageError('keptUnreadable', `line ${line}: the signature does not hold`) : new StorageError('keptUnknownKey', `line ${line}: ${names}`);
}

/** A line that a crash tore is passed over. */
function* notesOfLines(text: string): Generator<PlacedNote> {
  for (const [i, line] of text.split('\n').entries()) {
    const value = valueOf(line);
    if (value === undefined && (line.startsWith('{') || line.trim() === '')) continue;
    yield { note: typeof value === 'object' && value !== null && 'note' in value && typeof value.note === 'string' ? value.note : '', line: i + 1 };
  }
}

function valueOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** A note ends with its last signature line. */
function* notesOf(text: string): Generator<PlacedNote> {
  let note: string[] = [];
  let line = 0;
  let begins = 1;
  for (const part of text.split('\n')) {
    line++;
    const isSignature = part.startsWith('\u2014 ');
    if (!isSignature && note.at(-1)?.startsWith('\u2014 ') === true) {
      yield { note: `${note.join('\n')}\n`, line: begins };
      note = [];
    }
    if (note.length === 0) begins = line;
    if (note.length > 0 || part !== '') note.push(part);
  }
  if (note.length > 0) yield { note: `${note.join('\n')}\n`, line: begins };
}
