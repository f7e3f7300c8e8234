import { openNote, parseCheckpoint } from '../../contracts/checkpoint.ts';
import type { NoteVerifier } from '../../contracts/checkpoint.ts';

/** A checkpoint of a site as it is stored, exported and posted. */
export interface SignedCheckpoint {
  readonly site: string;
  readonly size: number;
  /** Base64 of 32 bytes. */
  readonly root: string;
  /** C2SP signed note. */
  readonly note: string;
}

/** What a note says, when one of the keys signed it; the site is the last part of its origin. */
export function openCheckpoint(note: string, verifiers: readonly NoteVerifier[]): SignedCheckpoint | undefined {
  const opened = openNote(note, verifiers);
  const checkpoint = opened === undefined ? undefined : parseCheckpoint(opened.text);
  if (checkpoint === undefined) return undefined;
  return { site: checkpoint.origin.slice(checkpoint.origin.indexOf('/') + 1), size: checkpoint.size, root: checkpoint.root.toString('base64'), note };
}
