import { randomBytes } from 'node:crypto';
import type { ControlStream } from '../../contracts/event-log.ts';
import { isTier } from '../../contracts/tiers.ts';
import type { Tier } from '../../contracts/tiers.ts';
import { StorageError } from '../errors.ts';
import { monthEndMs, monthStartMs } from './period.ts';

/**
 * A legal hold: what it covers is neither dropped nor erased until it is released. Members that are undefined do not
 * narrow it. On the registry stream, which is never trimmed:
 *
 *     hold/<id>            claimed: the hold, as JSON
 *     hold/<id>/released   claimed: { at, by, reason }
 */
export interface Hold {
  readonly id: string;
  readonly site: string | undefined;
  readonly tier: Tier | undefined;
  /** Time of receipt, Unix ms: `fromMs <= received_at < toMs`. */
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
  readonly reason: string;
  readonly by: string;
  readonly atMs: number;
  readonly released: { readonly atMs: number; readonly by: string; readonly reason: string } | undefined;
}

const PREFIX = 'hold/';
const READ_AT_ONCE = 1_000;

export type NewHold = Omit<Hold, 'id' | 'released'>;

/** Durable when it resolves. */
export async function addHold(registry: ControlStream, hold: NewHold): Promise<Hold> {
  const id = Array.from(randomBytes(12), (byte) => String.fromCharCode(97 + (byte & 15))).join('');
  await registry.claim(`${PREFIX}${id}`, JSON.stringify({ id, ...hold }));
  return { id, ...hold, released: undefined };
}

/** Throws `TQ-STORAGE-40` when there is no such hold. A hold that was released before stays as it was released first. */
export async function releaseHold(registry: ControlStream, id: string, release: { readonly atMs: number; readonly by: string; readonly reason: string }): Promise<Hold> {
  const hold = (await readHolds(registry)).find((one) => one.id === id);
  if (hold === undefined) throw new StorageError('noSuchHold', id.slice(0, 24));
  const { value } = await registry.claim(`${PREFIX}${id}/released`, JSON.stringify(release));
  return { ...hold, released: releaseOf(value) };
}

/** All holds ever made, oldest first. */
export async function readHolds(registry: ControlStream): Promise<readonly Hold[]> {
  const holds = new Map<string, Hold>();
  let from = (await registry.bounds()).first;
  for (;;) {
    const entries = await registry.read(from, READ_AT_ONCE);
    if (entries.length === 0) return [...holds.values()];
    for (const { key, value } of entries) {
      if (!key.startsWith(PREFIX)) continue;
      const [id = '', rest] = key.slice(PREFIX.length).split('/');
      const known = holds.get(id);
      if (rest === undefined) holds.set(id, holdOf(id, value));
      else if (known !== undefined) holds.set(id, { ...known, released: releaseOf(value) });
    }
    from = (entries.at(-1)?.offset ?? from) + 1;
  }
}

/** A record that cannot be read holds everything: better kept too long than lost. */
function holdOf(id: string, value: string): Hold {
  const record = objectOf(value);
  const time = (name: string): number | undefined => (typeof record[name] === 'number' ? record[name] : undefined);
  const text = (name: string): string => (typeof record[name] === 'string' ? record[name] : '');
  return {
    id, site: text('site') === '' ? undefined : text('site'), tier: isTier(record['tier']) ? record['tier'] : undefined, fromMs: time('fromMs'), toMs: time('toMs'),
    reason: text('reason'), by: text('by'), atMs: time('atMs') ?? 0, released: undefined,
  };
}

function releaseOf(value: string): Hold['released'] {
  const { atMs, by, reason } = objectOf(value);
  return { atMs: typeof atMs === 'number' ? atMs : 0, by: typeof by === 'string' ? by : '', reason: typeof reason === 'string' ? reason : '' };
}

function objectOf(value: string): Readonly<Record<string, unknown>> {
  try {
    const record: unknown = JSON.parse(value);
    return typeof record === 'object' && record !== null ? { ...record } : {};
  } catch {
    return {};
  }
}

/** Whether a hold in force covers any row of the month. `tier` undefined: of what has no tier. `sites`: whose rows there are; undefined when that is not known. */
export function coversMonth(hold: Hold, tier: Tier | undefined, month: number, sites: readonly string[] | undefined): boolean {
  return hold.released === undefined
    && (hold.tier === undefined || tier === undefined || hold.tier === tier)
    && (hold.fromMs === undefined || hold.fromMs < monthEndMs(month))
    && (hold.toMs === undefined || hold.toMs > monthStartMs(month))
    && (hold.site === undefined || sites === undefined || sites.includes(hold.site));
}

/** Whether a hold in force forbids to erase what can be revealed of a site: that has no tier and no month. */
export function coversSite(hold: Hold, site: string): boolean {
  return hold.released === undefined && (hold.site === undefined || hold.site === site);
}
