import { READ_MODEL_MIGRATION } from '../migrations/migrate.ts';
import type { AskRows } from './scope-rows.ts';
import type { Hole, ScopeTimes, ScopeView, Silence, WindowFacts } from './scope-store.ts';
import { SLICE_MS, silencesIn, USUAL_MS } from './silences.ts';
import type { EventSlice } from './silences.ts';
import { IN_TIMES, OF_SITE, SUBJECT_HALVES } from './time-sql.ts';

/** Silences that are looked into, and how many at a time: as many as the store reads side by side. */
const MOST_SILENCES = 50;
const SILENCES_AT_A_TIME = 3;
/** A silence of which a fourth of the usual was told later is none. */
const TOLD_SHARE = 4;

/** Rows received from `{receivedFromMs}` and before `{receivedToMs}`. */
const RECEIVED = "received_at >= fromUnixTimestamp64Milli({receivedFromMs:Int64}, 'UTC') AND received_at < fromUnixTimestamp64Milli({receivedToMs:Int64}, 'UTC')";

/** Blocks that a scope's coverage counts: of the site, of the tree, of the times of receipt it names. */
export const COVERED_BLOCKS = `site = {site:String} AND first_leaf < {treeSize:UInt64} AND ${RECEIVED}`;

const MS = (column: string): string => `toUnixTimestamp64Milli(${column})`;

interface Slice extends EventSlice {
  readonly provenance: string;
}

/** Looks at blocks where it can: there are hundreds of times fewer than events. */
export async function windowFacts(rows: AskRows, view: ScopeView, times: ScopeTimes): Promise<WindowFacts> {
  const received: ScopeTimes = { fromMs: times.fromMs, toMs: Math.max(times.toMs, await lateReceipt(rows, view, times)) };
  const asked = { ...view, ...times, receivedFromMs: received.fromMs, receivedToMs: received.toMs };
  const [slices, covered, chains, holes, deadLetters, expired, underived, ruleSets, known, held] = await Promise.all([
    rows<Slice>(`SELECT provenance, stream, intDiv(${MS('received_at')}, {sliceMs:UInt32}) AS slice, sum(b.stored) AS events FROM blocks AS b WHERE ${COVERED_BLOCKS} GROUP BY provenance, stream, slice`, { ...asked, receivedFromMs: times.fromMs - USUAL_MS, sliceMs: SLICE_MS }),
    coveredEvents(rows, asked),
    rows<WindowFacts['chains'][number]>(`SELECT stream, epoch, ${MS('min(received_at)')} AS firstMs, ${MS('max(received_at)')} AS lastMs FROM blocks WHERE site = {site:String} AND first_leaf < {treeSize:UInt64} AND epoch > 0 GROUP BY stream, epoch`, asked),
    openHoles(rows, view),
    rows<WindowFacts['deadLetters'][number]>(`SELECT stream, epoch, count() AS count, ${MS('min(received_at)')} AS fromMs, ${MS('max(received_at)')} AS toMs FROM dead_letters WHERE site = {site:String} AND ${RECEIVED} GROUP BY stream, epoch`, asked),
    rows<WindowFacts['expired'][number]>('SELECT e.tier AS tier, e.month AS month, sum(length(l.offsets)) AS rows FROM expired_leaves AS l INNER JOIN expiries AS e ON e.id = l.expiry WHERE l.site = {site:String} GROUP BY tier, month', asked),
    underivedEvents(rows, { ...view, ...times }),
    rows<WindowFacts['ruleSets'][number]>(`SELECT rules AS version, ${MS('min(committed_at)')} AS fromMs, ${MS('max(committed_at)')} AS toMs FROM commits WHERE has(sites, {site:String}) AND committed_at >= fromUnixTimestamp64Milli({receivedFromMs:Int64}, 'UTC') AND committed_at < fromUnixTimestamp64Milli({receivedToMs:Int64} + 3600000, 'UTC') GROUP BY version ORDER BY fromMs, version`, asked),
    // In the order of the table, without a look at when: persons of a site are its own, whenever it told of them first.
    Promise.all(SUBJECT_HALVES.map((half) => rows<{ readonly persons: number }>(`SELECT count() AS persons FROM (SELECT DISTINCT subject FROM accesses WHERE site = {site:String} AND ${half} SETTINGS optimize_distinct_in_order = 1)`, asked))),
    rows<Pick<WindowFacts, 'classes' | 'hows'>>('SELECT groupUniqArrayArray(arrayMap(name -> toString(name), classes)) AS classes, groupUniqArray(toString(how)) AS hows FROM acts WHERE site = {site:String}', asked),
  ]);
  const own = slices.filter(({ slice }) => (slice + 1) * SLICE_MS > times.fromMs);
  return {
    sources: sourcesOf(own), received, ...covered, chains, silences: await untold(rows, view, silencesIn(slices, times)), holes, deadLetters, expired, underived, ruleSets,
    knownSubjects: known.flat().reduce((sum, { persons }) => sum + persons, 0), classes: held[0]?.classes ?? [], hows: held[0]?.hows ?? [],
  };
}

/** When the last event of the times was received, if after them. */
async function lateReceipt(rows: AskRows, view: ScopeView, times: ScopeTimes): Promise<number> {
  const [later] = await rows<{ readonly blocks: number; readonly leaf: number }>(`SELECT count() AS blocks, min(first_leaf) AS leaf FROM blocks WHERE site = {site:String} AND first_leaf < {treeSize:UInt64} AND received_at >= fromUnixTimestamp64Milli({toMs:Int64}, 'UTC')`, { ...view, ...times });
  if (later === undefined || later.blocks === 0) return 0;
  const [last] = await rows<{ readonly toMs: number }>(`SELECT ${MS('max(received_at)')} + 1 AS toMs FROM events WHERE ${OF_SITE} AND leaf >= {leaf:UInt64} AND timestamp < fromUnixTimestamp64Milli({toMs:Int64}, 'UTC') AND ${IN_TIMES}`, { ...view, ...times, leaf: later.leaf });
  return last === undefined || last.toMs <= 1 ? 0 : last.toMs;
}

/** What blocks say that was stored, and what is there: by leaves alone where the blocks' leaves are one run. */
async function coveredEvents(rows: AskRows, asked: object): Promise<Pick<WindowFacts, 'blocks' | 'eventsCounted'>> {
  const [found] = await rows<WindowFacts['blocks'] & { readonly first: number; readonly end: number }>(
    `SELECT count() AS blocks, sum(b.lines) AS lines, sum(b.stored) AS stored, sum(b.dead) AS deadLetters, min(first_leaf) AS first, max(first_leaf + b.stored) AS end FROM blocks AS b WHERE ${COVERED_BLOCKS}`, asked);
  if (found === undefined || found.blocks === 0) return { blocks: { blocks: 0, lines: 0, stored: 0, deadLetters: 0 }, eventsCounted: 0 };
  const { first, end, ...blocks } = found;
  const oneRun = end - first === blocks.stored;
  const [counted] = await rows<{ readonly events: number }>(`SELECT count() AS events FROM events WHERE ${OF_SITE} AND leaf >= {first:UInt64} AND leaf < {end:UInt64} ${oneRun ? '' : `AND ${RECEIVED}`}`, { ...asked, first, end });
  return { blocks, eventsCounted: counted?.events ?? 0 };
}

/** Silences that nothing was told of later, either. */
async function untold(rows: AskRows, view: ScopeView, silences: readonly Silence[]): Promise<readonly Silence[]> {
  const toldIn = async ({ stream, fromMs, toMs }: Silence): Promise<number> => {
    const [told] = await rows<{ readonly events: number }>(`SELECT count() AS events FROM events WHERE ${OF_SITE} AND stream = {stream:String} AND timestamp < fromUnixTimestamp64Milli({toMs:Int64}, 'UTC') AND ${IN_TIMES}`, { ...view, stream, fromMs, toMs });
    return told?.events ?? 0;
  };
  const kept: Silence[] = [];
  for (let at = 0; at < Math.min(silences.length, MOST_SILENCES); at += SILENCES_AT_A_TIME) {
    const some = silences.slice(at, Math.min(MOST_SILENCES, at + SILENCES_AT_A_TIME));
    const told = await Promise.all(some.map(toldIn));
    kept.push(...some.filter(({ expected }, i) => (told[i] ?? 0) * TOLD_SHARE < expected));
  }
  return kept;
}

/** What a version stored that knew events alone. */
const OF_PLUGIN_BEFORE = `${OF_SITE} AND ${IN_TIMES} AND provenance IN ('plugin', 'system') AND received_at < (SELECT min(at) FROM schema_migrations WHERE version = ${READ_MODEL_MIGRATION})`;

async function underivedEvents(rows: AskRows, asked: object): Promise<WindowFacts['underived']> {
  const [[stored], [derived]] = await Promise.all([
    rows<WindowFacts['underived']>(`SELECT count() AS events, ${MS('min(received_at)')} AS fromMs, ${MS('max(received_at)')} AS toMs FROM events WHERE ${OF_PLUGIN_BEFORE}`, asked),
    rows<{ readonly acts: number }>(`SELECT count() AS acts FROM acts WHERE ${OF_PLUGIN_BEFORE}`, asked),
  ]);
  const events = (stored?.events ?? 0) - (derived?.acts ?? 0);
  return stored === undefined || events <= 0 ? { events: 0, fromMs: 0, toMs: 0 } : { ...stored, events };
}

function sourcesOf(slices: readonly Slice[]): WindowFacts['sources'] {
  return [...Map.groupBy(slices, ({ provenance, stream }) => `${provenance}\n${stream}`).values()].flatMap(([first, ...rest]) =>
    first === undefined ? [] : [{ provenance: first.provenance, stream: first.stream, events: rest.reduce((sum, { events }) => sum + events, first.events) }]);
}

/** The newest row of a hole counts. When the line before it came is when it may have begun. */
async function openHoles(rows: AskRows, view: ScopeView): Promise<readonly Hole[]> {
  const holes = await rows<Omit<Hole, 'afterMs'>>(`
    SELECT stream, epoch, from_seq AS fromSeq, to_seq AS toSeq, argMax(state, (received_at, position)) = 'lost' AS lost, ${MS('max(received_at)')} AS noticedMs
    FROM gaps WHERE site = {site:String} GROUP BY stream, epoch, from_seq, to_seq HAVING argMax(state, (received_at, position)) IN ('open', 'lost') ORDER BY noticedMs LIMIT 1000`, view);
  const befores = await rows<{ readonly stream: string; readonly epoch: number; readonly fromSeq: number; readonly afterMs: number }>(`
    SELECT h.stream AS stream, h.epoch AS epoch, h.from_seq AS fromSeq, ${MS('max(b.received_at)')} AS afterMs
    FROM (SELECT DISTINCT stream, epoch, from_seq FROM gaps WHERE site = {site:String} AND state = 'open') AS h
    INNER JOIN (SELECT stream, epoch, first_seq, received_at FROM blocks WHERE site = {site:String}) AS b ON b.stream = h.stream AND b.epoch = h.epoch
    WHERE b.first_seq < h.from_seq GROUP BY stream, epoch, fromSeq`, view);
  const name = (one: { readonly stream: string; readonly epoch: number; readonly fromSeq: number }): string => `${one.stream}\n${one.epoch}\n${one.fromSeq}`;
  const after = new Map(befores.map((one) => [name(one), one.afterMs]));
  return holes.map((hole) => ({ ...hole, lost: Boolean(hole.lost), afterMs: hole.lost ? 0 : (after.get(name(hole)) ?? 0) }));
}
