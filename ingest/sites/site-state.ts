import type { SiteRecord } from '../../contracts/site.ts';
import { closeMailboxes, emptyMail, foldCommand, foldLetter, openMailbox } from './site-mail.ts';
import type { SiteMail } from './site-mail.ts';

/**
 * What the records of one site say, folded in order. Folding is deterministic: every gateway comes to the same state.
 *
 * A `generation` counts enrolments that replace: keys of an older generation are no longer accepted. Within one, each
 * key has at most one successor, the first recorded; where it starts is recorded for each stream it signs in.
 */
export interface SiteState {
  readonly site: string;
  readonly createdAt: number;
  generation: number;
  /** By secret hash. `key` is set once the secret is used up. */
  readonly enrolments: Map<string, { readonly generation: number; key?: string; boxKey?: string | undefined }>;
  /** Accepted keys (base64url) and their generation. */
  readonly keys: Map<string, number>;
  /** The one key each retired key named, and the way back. */
  readonly successors: Map<string, string>;
  readonly predecessors: Map<string, string>;
  /** Where a key's successor starts in a stream, by `streamOfKey(key, stream)`. */
  readonly ends: Map<string, ChainPlace>;
  ingestKeyHash: string | undefined;
  /** Boxes, letters and commands. */
  readonly mail: SiteMail;
}

export interface ChainPlace {
  readonly epoch: number;
  readonly firstSeq: number;
}

function streamOfKey(key: string, stream: string): string {
  return `${key} ${stream}`;
}

/** Applies one record; records for a site that was never added, or of a type not known here, change nothing. */
export function foldSite(sites: Map<string, SiteState>, record: SiteRecord): void {
  const state = sites.get(record.site);
  if (record.type === 'site') {
    if (state === undefined) sites.set(record.site, emptyState(record.site, record.at));
    return;
  }
  if (state === undefined) return;
  switch (record.type) {
    case 'enrolment':
      if (record.replaces) {
        state.generation += 1;
        closeMailboxes(state.mail);
      }
      if (!state.enrolments.has(record.secret_hash)) state.enrolments.set(record.secret_hash, { generation: state.generation });
      return;
    case 'pin':
      return foldPin(state, record);
    case 'successor':
      return foldSuccessor(state, record);
    case 'ingest_key':
      state.ingestKeyHash = record.key_hash;
      return;
    case 'letter':
      return foldLetter(state.mail, record);
    case 'command':
      return foldCommand(state.mail, record.command, record.at);
    default:
      record satisfies never;
  }
}

function emptyState(site: string, createdAt: number): SiteState {
  return { site, createdAt, generation: 0, enrolments: new Map(), keys: new Map(), successors: new Map(), predecessors: new Map(), ends: new Map(), ingestKeyHash: undefined, mail: emptyMail() };
}

function foldPin(state: SiteState, { secret_hash: secretHash, key, box }: SiteRecord & { readonly type: 'pin' }): void {
  const enrolment = state.enrolments.get(secretHash);
  if (enrolment === undefined || enrolment.key !== undefined) return;
  enrolment.key = key;
  enrolment.boxKey = box?.key;
  if (box !== undefined && enrolment.generation === state.generation) openMailbox(state.mail, box);
  if (enrolment.generation < (state.keys.get(key) ?? 0)) return;
  state.keys.set(key, enrolment.generation);
  forgetSuccessor(state, key);
}

/** A key that is pinned again starts anew: a site restored from a backup enrols with the key it had then. */
function forgetSuccessor(state: SiteState, key: string): void {
  const successor = state.successors.get(key);
  if (successor === undefined) return;
  state.successors.delete(key);
  state.predecessors.delete(successor);
  for (const place of state.ends.keys()) if (place.startsWith(`${key} `)) state.ends.delete(place);
}

function foldSuccessor(state: SiteState, record: SiteRecord & { readonly type: 'successor' }): void {
  const { key, by } = record;
  const generation = state.keys.get(by);
  const named = state.successors.get(by);
  if (generation === undefined || (named === undefined ? state.keys.has(key) : named !== key)) return;
  if (named === undefined) {
    state.successors.set(by, key);
    state.predecessors.set(key, by);
    state.keys.set(key, generation);
  }
  const place = streamOfKey(by, record.stream);
  if (!state.ends.has(place)) state.ends.set(place, { epoch: record.epoch, firstSeq: record.first_seq });
}

/** What a block says about its key and place. */
export interface KeyUse {
  readonly stream: string;
  readonly epoch: number;
  readonly first_seq: number;
  readonly lines: number;
  readonly key: string;
  readonly certificate?: { readonly key: string; readonly by: string };
}

export type KeyVerdict =
  | 'accepted'
  /** A new key: accepted once its certificate holds and it is registered as successor. */
  | 'introduces'
  /** A known successor in a stream where the key before it may still sign: accepted once that is ended. */
  | 'enters'
  | 'unknown'
  | 'retired';

export function judgeKey(state: SiteState, use: KeyUse): KeyVerdict {
  const generation = state.keys.get(use.key);
  if (generation === undefined) return judgeNewKey(state, use);
  if (generation !== state.generation) return 'retired';
  const end = endOf(state, use.key, use.stream);
  if (end !== undefined) return endsBefore(use, end) ? 'accepted' : 'retired';
  const by = state.predecessors.get(use.key);
  return by === undefined || state.ends.has(streamOfKey(by, use.stream)) ? 'accepted' : 'enters';
}

/** A key that was retired in any stream can name no other, so a stolen old key opens nothing. */
function judgeNewKey(state: SiteState, use: KeyUse): KeyVerdict {
  const { certificate } = use;
  if (certificate === undefined || certificate.key !== use.key || !state.keys.has(certificate.by)) return 'unknown';
  return state.keys.get(certificate.by) === state.generation && !state.successors.has(certificate.by) ? 'introduces' : 'retired';
}

/** Where the next key down the line that signed in the stream starts there. */
function endOf(state: SiteState, key: string, stream: string): ChainPlace | undefined {
  for (let at: string | undefined = key; at !== undefined; at = state.successors.get(at)) {
    const end = state.ends.get(streamOfKey(at, stream));
    if (end !== undefined) return end;
  }
  return undefined;
}

/** A retired key may only have signed what its successor came after: repeats. */
function endsBefore(use: KeyUse, end: ChainPlace): boolean {
  return use.epoch < end.epoch || (use.epoch === end.epoch && use.first_seq + use.lines <= end.firstSeq);
}
