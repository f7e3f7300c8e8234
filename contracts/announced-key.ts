import { openNote, parseVerifier } from './checkpoint.ts';
import type { NoteVerifier } from './checkpoint.ts';
import type { AnnouncedKey } from './keys.ts';

/**
 * How a checkpoint key hands over to the next: the old one and the new one sign a C2SP note (c2sp.org/signed-note) with
 * this text, whose second line is no number, so that it can never be read as a checkpoint:
 *
 *     <deployment>
 *     key-rotation
 *     <the new key: C2SP verifier key>
 *     <Unix milliseconds>
 */
export interface Announcement {
  readonly deployment: string;
  readonly verifier: string;
  readonly announcedAtMs: number;
}

const KIND = 'key-rotation';

export function announcementText({ deployment, verifier, announcedAtMs }: Announcement): string {
  return `${[deployment, KIND, verifier, announcedAtMs].join('\n')}\n`;
}

/** What a note says; undefined unless both the key before and the new key signed it. */
export function openAnnouncement(note: string, before: NoteVerifier): Announcement | undefined {
  const [deployment = '', kind, verifier = '', at = '', end, ...rest] = note.split('\n');
  const next = parseVerifier(verifier);
  if (kind !== KIND || end !== '' || rest.length === 0 || next === undefined) return undefined;
  const announcement: Announcement = { deployment, verifier, announcedAtMs: Number(at) };
  const signed = [before, next].every((key) => openNote(note, [key])?.text === announcementText(announcement));
  return signed ? announcement : undefined;
}

/**
 * Between the moment the keys role signs and the moment a note's time is read from another clock. What was signed by a
 * key whose time was over longer than this is not taken.
 */
const CLOCK_SLACK_MS = 10 * 60_000;

/** The keys that may have signed at a time (Unix ms); without one, all that were ever announced. */
export function verifiersAt(keys: readonly AnnouncedKey[], atMs?: number): readonly NoteVerifier[] {
  const inTime = keys.filter(({ fromMs, untilMs = Infinity }) => atMs === undefined || (fromMs - CLOCK_SLACK_MS <= atMs && atMs <= untilMs + CLOCK_SLACK_MS));
  return inTime.flatMap(({ verifier }) => parseVerifier(verifier) ?? []);
}

function isAnnouncedKey(value: unknown): value is { verifier: string; from_ms: number; until_ms: number | null; announcement: string | null } {
  if (typeof value !== 'object' || value === null || !('verifier' in value) || !('from_ms' in value) || !('until_ms' in value) || !('announcement' in value)) return false;
  const { verifier, from_ms: fromMs, until_ms: untilMs, announcement } = value;
  return typeof verifier === 'string' && typeof fromMs === 'number' && (untilMs === null || typeof untilMs === 'number') && (announcement === null || typeof announcement === 'string');
}

/** As JSON writes them: `[{verifier, from_ms, until_ms, announcement}]`, null for what is undefined; undefined when it is something else. */
export function parseAnnouncedKeys(value: unknown): readonly AnnouncedKey[] | undefined {
  if (!Array.isArray(value) || !value.every(isAnnouncedKey)) return undefined;
  return value.map(({ verifier, from_ms: fromMs, until_ms: untilMs, announcement }) => ({ verifier, fromMs, untilMs: untilMs ?? undefined, announcement: announcement ?? undefined }));
}

export function formatAnnouncedKeys(keys: readonly AnnouncedKey[]): readonly object[] {
  return keys.map(({ verifier, fromMs, untilMs, announcement }) => ({ verifier, from_ms: fromMs, until_ms: untilMs ?? null, announcement: announcement ?? null }));
}
