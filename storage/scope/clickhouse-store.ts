import type { ClickHouseClient } from '@clickhouse/client';
import type { EntityKind } from '../../contracts/scope.ts';
import { ACTS_ITSELF_SQL, ANONYMOUS_SQL } from './acting.ts';
import { inPieces, scopeRows } from './scope-rows.ts';
import type { AskRows } from './scope-rows.ts';
import { ORDINARY_ROLES } from './scope-store.ts';
import type { FirstUse, PlainRequests, Presence, ScopeStore, ScopeTimes, ScopeView, StoredAct, Touched } from './scope-store.ts';
import { AT_MS, IN_TIMES, OF_SITE, REFUSED_SQL, SUBJECT_HALVES } from './time-sql.ts';
import { windowFacts } from './window-facts.ts';


const ACT_COLUMNS = `leaf, ${AT_MS} AS atMs, toUnixTimestamp64Milli(received_at) AS receivedAtMs, provenance, actor, role, session, address, key, plugin,
  category, action, outcome, how, target_kind, target, destination, region, classes, fields, records, subjects, batch`;

const ORDINARY = ORDINARY_ROLES.map((role) => `'${role}'`).join(', ');

const CONDITIONS: Readonly<Record<EntityKind, string>> = {
  actor: 'actor IN {values:Array(String)}',
  session: 'session IN {values:Array(String)}',
  key: 'key IN {values:Array(String)}',
  address: `address IN {values:Array(String)} AND ${ANONYMOUS_SQL}`,
  plugin: `plugin IN {values:Array(String)} AND ${ACTS_ITSELF_SQL}`,
  destination: `destination IN {values:Array(String)} AND ${ACTS_ITSELF_SQL}`,
};

const PRESENCES = `
  SELECT actor, session, key, address, max(role NOT IN (${ORDINARY})) = 1 AS staff, min(at) AS firstMs, max(at) AS lastMs, argMin(leaf, (at, leaf)) AS firstLeaf, argMax(leaf, (at, leaf)) AS lastLeaf,
    countIf(outcome != 'failure') AS done, sumIf(subjects, outcome != 'failure') AS persons
  FROM (SELECT actor, session, key, address, role, outcome, subjects, leaf, ${AT_MS} AS at FROM acts WHERE ${OF_SITE} AND ${IN_TIMES} AND CONDITION)
  GROUP BY actor, session, key, address ORDER BY lastMs DESC, firstLeaf LIMIT {most:UInt32}`;

const PLAIN_REQUESTS = `
  SELECT count() AS requests, sum(response_bytes) AS bytes, min(at) AS firstMs, max(at) AS lastMs
  FROM (SELECT response_bytes, ${AT_MS} AS at FROM events
        WHERE ${OF_SITE} AND ${IN_TIMES} AND source_ip IN {addresses:Array(String)} AND provenance NOT IN ('plugin', 'system') AND status >= 200 AND status < 300)`;

/** The trail as the store holds it. `client` may read. */
export function createScopeStore(client: ClickHouseClient): ScopeStore {
  const rows = scopeRows(client);
  return {
    horizon: (site) => horizon(rows, site),
    async presences(view, kind, values, times, most) {
      // A comparison is a number there.
      const found = await inPieces(values, (piece) => rows<Presence>(PRESENCES.replace('CONDITION', `${kind} IN {values:Array(String)}`), { ...view, ...times, values: piece, most }));
      return found.map((one) => ({ ...one, staff: Boolean(one.staff) })).toSorted((a, b) => b.lastMs - a.lastMs).slice(0, most);
    },
    firstUses: (view, kind, values, times) => inPieces(values, (piece) => rows<FirstUse>(`SELECT ${kind} AS value, min(${AT_MS}) AS firstMs FROM acts WHERE ${OF_SITE} AND ${IN_TIMES} AND ${CONDITIONS[kind]} GROUP BY value`, { ...view, ...times, values: piece })),
    async deeds(view, kind, values, times, most) {
      const found = await inPieces(values, (piece) => rows<StoredAct>(`SELECT ${ACT_COLUMNS} FROM acts WHERE ${OF_SITE} AND ${IN_TIMES} AND ${CONDITIONS[kind]} ORDER BY atMs, leaf LIMIT {most:UInt32}`, { ...view, ...times, values: piece, most }));
      return found.toSorted((a, b) => a.atMs - b.atMs || a.leaf - b.leaf).slice(0, most);
    },
    alertLeaves: (view, id) => alertLeaves(rows, view, id),
    actsAt: (view, leaves) => actsAt(rows, view, leaves),
    async agents(view, leaves) {
      const found = await inPieces(leaves, (piece) => rows<{ readonly leaf: number; readonly agent: string }>(`SELECT leaf, user_agent AS agent FROM events WHERE ${OF_SITE} AND leaf IN {leaves:Array(UInt64)}`, { ...view, leaves: piece }));
      return new Map(found.map(({ leaf, agent }) => [leaf, agent]));
    },
    touched: (view, deeds) => touched(rows, view, deeds),
    async refused(view, leaves) {
      const found = await inPieces(leaves, (piece) => rows<{ readonly leaf: number }>(`SELECT leaf FROM events WHERE ${OF_SITE} AND leaf IN {leaves:Array(UInt64)} AND ${REFUSED_SQL}`, { ...view, leaves: piece }));
      return new Set(found.map(({ leaf }) => leaf));
    },
    async rulesOf(view, leaves) {
      const found = await inPieces(leaves, (piece) => rows<{ readonly leaf: number; readonly rules: readonly string[] }>(
        `SELECT leaf, arraySort(groupUniqArray(toString(rule))) AS rules FROM matches WHERE ${OF_SITE} AND leaf IN {leaves:Array(UInt64)} GROUP BY leaf`, { ...view, leaves: piece }));
      return new Map(found.map(({ leaf, rules }) => [leaf, rules]));
    },
    async plainRequests(view, addresses, times) {
      const found = await inPieces(addresses, (piece) => rows<PlainRequests>(PLAIN_REQUESTS, { ...view, ...times, addresses: piece }));
      const some = found.filter(({ requests }) => requests > 0);
      return some.length === 0 ? undefined : some.reduce((a, b) => ({ requests: a.requests + b.requests, bytes: a.bytes + b.bytes, firstMs: Math.min(a.firstMs, b.firstMs), lastMs: Math.max(a.lastMs, b.lastMs) }));
    },
    facts: (view, times) => windowFacts(rows, view, times),
  };
}

/** The newest signed tree; where nothing is signed yet, what is committed. */
async function horizon(rows: AskRows, site: string): Promise<{ readonly treeSize: number; readonly asOfMs: number }> {
  const [signed] = await rows<{ readonly size: number; readonly atMs: number }>('SELECT max(size) AS size, toUnixTimestamp64Milli(max(signed_at)) AS atMs FROM checkpoints WHERE site = {site:String}', { site });
  const [committed] = await rows<{ readonly size: number }>('SELECT max(size) AS size FROM commits ARRAY JOIN sites AS name, tree_sizes AS size WHERE name = {site:String}', { site });
  const treeSize = signed === undefined || signed.size === 0 ? (committed?.size ?? 0) : Math.min(signed.size, committed?.size ?? 0);
  if (treeSize === 0) return { treeSize, asOfMs: 0 };
  const [last] = await rows<{ readonly atMs: number }>('SELECT toUnixTimestamp64Milli(max(received_at)) AS atMs FROM events WHERE site = {site:String} AND leaf = {last:UInt64}', { site, last: treeSize - 1 });
  // Of a row that expired its checkpoint tells about when it came.
  return { treeSize, asOfMs: last === undefined || last.atMs === 0 ? (signed?.atMs ?? 0) : last.atMs };
}

async function alertLeaves(rows: AskRows, view: ScopeView, id: string): Promise<readonly number[] | undefined> {
  const [alert] = await rows<{ readonly leaf: number }>(`SELECT leaf FROM alerts WHERE ${OF_SITE} AND id = {id:String} LIMIT 1`, { ...view, id });
  if (alert === undefined) return undefined;
  // What a shipper writes about leaves is nobody's word: only a finding of our own names those it rests on.
  const [finding] = await rows<{ readonly leaves: readonly number[] }>(
    `SELECT JSONExtract(line, 'tourniquet', 'correlation', 'leaves', 'Array(UInt64)') AS leaves FROM events WHERE ${OF_SITE} AND leaf = {leaf:UInt64} AND provenance = 'system'`, { ...view, leaf: alert.leaf });
  return finding === undefined || finding.leaves.length === 0 ? [alert.leaf] : finding.leaves;
}

const NO_DEED = {
  role: '', session: '', key: '', plugin: '', how: '', target_kind: '', target: '', destination: '', region: '', classes: [], fields: [], records: 0, subjects: 0, batch: '',
} as const;

/** Events by leaf; `acts` is not ordered by it, so their times come first. What is no deed, as a plain line, tells at least where it came from. */
async function actsAt(rows: AskRows, view: ScopeView, leaves: readonly number[]): Promise<readonly StoredAct[]> {
  const events = await rows<Pick<StoredAct, 'leaf' | 'atMs' | 'receivedAtMs' | 'provenance' | 'actor' | 'address' | 'category' | 'action' | 'outcome'>>(
    `SELECT leaf, ${AT_MS} AS atMs, toUnixTimestamp64Milli(received_at) AS receivedAtMs, provenance, if(provenance IN ('plugin', 'system'), user_name, '') AS actor, source_ip AS address, category, action, outcome
     FROM events WHERE ${OF_SITE} AND leaf IN {leaves:Array(UInt64)}`, { ...view, leaves });
  const times: ScopeTimes = events.reduce(({ fromMs, toMs }, { atMs }) => ({ fromMs: Math.min(fromMs, atMs), toMs: Math.max(toMs, atMs + 1) }), { fromMs: Number.MAX_SAFE_INTEGER, toMs: 0 });
  const acts = events.length === 0 ? [] : await rows<StoredAct>(`SELECT ${ACT_COLUMNS} FROM acts WHERE ${OF_SITE} AND ${IN_TIMES} AND leaf IN {leaves:Array(UInt64)}`, { ...view, ...times, leaves });
  const deeds = new Map(acts.map((act) => [act.leaf, act]));
  return events.map((event) => deeds.get(event.leaf) ?? { ...NO_DEED, ...event });
}

/** `accesses` is ordered by person: all of a site's are looked through, by as few columns as tell. */
const TOUCHED = `
  SELECT subject, any(subject_kind) AS kind, max(jurisdiction) AS jurisdiction, groupArray(leaf) AS leaves FROM accesses
  WHERE site = {site:String} AND HALF AND (empty({actors:Array(String)}) OR actor IN {actors:Array(String)}) AND leaf IN {leaves:Array(UInt64)} GROUP BY subject`;

const MOST_ACTORS = 100;

async function touched(rows: AskRows, view: ScopeView, deeds: readonly StoredAct[]): Promise<readonly Touched[]> {
  const named = deeds.filter(({ subjects }) => subjects > 0);
  const actorOf = new Map(named.map(({ leaf, actor }) => [leaf, actor]));
  const found = await inPieces(named.map(({ leaf }) => leaf), async (leaves) => {
    const actors = [...new Set(leaves.map((leaf) => actorOf.get(leaf) ?? ''))];
    // A few accounts narrow the search; of many the leaves alone tell as much.
    const asked = { ...view, leaves, actors: actors.length > MOST_ACTORS ? [] : actors };
    return (await Promise.all(SUBJECT_HALVES.map((half) => rows<Touched>(TOUCHED.replace('HALF', half), asked)))).flat();
  });
  const people = new Map<string, Touched & { readonly leaves: number[] }>();
  for (const person of found) {
    const known = people.get(person.subject);
    if (known === undefined) people.set(person.subject, { ...person, leaves: [...person.leaves] });
    else for (const leaf of person.leaves) known.leaves.push(leaf);
  }
  return [...people.values()];
}
