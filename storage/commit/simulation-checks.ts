import type { CommitRecord } from '../../contracts/control.ts';
import type { GroupRange } from '../../contracts/store.ts';
import type { Observation } from '../../contracts/observation.ts';
import type { Frontier } from '../../contracts/merkle.ts';
import { appendLeaf, EMPTY_FRONTIER, formatFrontier, rootOf } from '../../contracts/merkle.ts';
import type { TableName } from '../../contracts/tables.ts';
import type { StoredRow } from './memory-store.ts';
import type { World } from './simulation.ts';
import { resultOf } from './recovery.ts';
import { TILE_LEAVES } from './simulated-worker.ts';
import { toyLeaf, toyToken } from './toy-stage.ts';

/** What must hold once a history came to rest. Findings go to the world's problems. */
export function checkWorld(world: World): void {
  const commits = Array.from({ length: world.partitions }, (_, p) => committedGroups(world, p)).flat();
  world.counts.groups = commits.length;
  const lost = checkPositions(world, commits);
  checkLines(world, lost);
  checkTrees(world, commits);
  checkCounts(world, commits, lost);
  checkAlerts(world, lost);
  checkGaps(world, lost);
  checkObservations(world, commits, lost);
  checkVault(world);
  checkBounds(world);
}

function rowsOf(world: World, table: TableName): readonly StoredRow[] {
  return world.storeDisk.parts.filter((p) => p.table === table).flatMap((p) => p.rows);
}

/** Commits in order. A worker that stood still may have written an equal one again after the first was trimmed. */
function committedGroups(world: World, partition: number): readonly CommitRecord[] {
  const groups: CommitRecord[] = [];
  let next = 0;
  const all = [...world.commits.values()].map((text) => JSON.parse(text) as CommitRecord); // Written by the committer.
  for (const record of all.filter((c) => c.partition === partition).toSorted((a, b) => a.first - b.first)) {
    const before = groups.at(-1);
    if (before !== undefined && record.first < next) {
      if (record.first !== before.first || resultOf(record) !== resultOf(before)) world.problems.push(`commit ${partition}/${record.first} overlaps another`);
      continue;
    }
    if (record.continues !== next) world.problems.push(`commit ${partition}/${record.first} continues at ${record.continues}, not at ${next}`);
    groups.push(record);
    next = record.last + 1;
  }
  return groups;
}

/** Each position of the log is in one group, or is told as lost and was cut off before anyone stored it. */
function checkPositions(world: World, commits: readonly CommitRecord[]): ReadonlySet<string> {
  const { problems, cutOff, logDisk } = world;
  const lost = new Set<string>();
  for (const gap of rowsOf(world, 'gaps')) {
    if (gap['state'] !== 'lost') continue;
    for (let at = Number(gap['from_seq']); at <= Number(gap['to_seq']); at++) {
      const position = `${gap['partition']}/${at}`;
      if (lost.has(position)) problems.push(`position ${position} was lost twice`);
      if (!cutOff.has(position)) problems.push(`position ${position} is called lost and was not`);
      lost.add(position);
    }
  }
  const covered = new Set(lost);
  for (const { partition, first, last } of commits) for (let at = first; at <= last; at++) {
    if (lost.has(`${partition}/${at}`)) problems.push(`position ${partition}/${at} is stored and lost`);
    covered.add(`${partition}/${at}`);
  }
  // What was lost after the last block is told with the next one.
  for (const [p, { first, records }] of logDisk.partitions.entries()) {
    const told = Math.max(-1, ...commits.filter((c) => c.partition === p).map((c) => c.last));
    for (let at = 0; at < first + records.length; at++) {
      if (covered.has(`${p}/${at}`)) continue;
      if (at < told || !cutOff.has(`${p}/${at}`)) problems.push(`position ${p}/${at} is neither stored nor told as lost`);
      lost.add(`${p}/${at}`);
    }
  }
  const alerts = rowsOf(world, 'alerts').filter((a) => a['rule'] === 'tourniquet.log.lost').length;
  if (alerts !== rowsOf(world, 'gaps').filter((g) => g['state'] === 'lost').length) problems.push('losses and their alerts differ in number');
  return lost;
}

/** The lines that may be missing. A bridge's line that comes again after later ones is passed over, also when it was lost. */
function excused({ sent, shippers }: World, lost: ReadonlySet<string>): ReadonlySet<string> {
  const bridged = new Set(shippers.filter((s) => s.stream.startsWith('ingress')).flatMap((s) => [...s.acknowledged.keys()]));
  const found = new Set([...lost].flatMap((position) => sent.get(position) ?? []));
  if (found.size === 0) return found;
  for (const [position, lines] of sent) if (!lost.has(position)) for (const line of lines) if (!bridged.has(line)) found.delete(line);
  return found;
}

/**
 * When a fork reaches back over more blocks than a branch remembers, its old lines stand once in each epoch: nothing
 * tells them from new ones. So it is when the first copy of a block was lost, and a longer one came before its second.
 */
function mayStandTwice({ tight, shippers }: World, lost: ReadonlySet<string>, one: StoredRow, other: StoredRow): boolean {
  return one['epoch'] !== other['epoch'] && (lost.size > 0 || tight) && shippers.some((s) => (s.forked || lost.size > 0) && s.site === one['site'] && s.stream === one['stream']);
}

/** Every acknowledged line stands once, as an event or a dead letter, at its own sequence. */
function checkLines(world: World, lost: ReadonlySet<string>): void {
  const { problems, shippers, storeDisk, weather } = world;
  const missing = excused(world, lost);
  const found = new Map<string, StoredRow>();
  for (const { table, rows } of storeDisk.parts) {
    if (table !== 'events' && table !== 'dead_letters') continue;
    for (const row of rows) {
      if (row['reason'] === 'damaged_record') continue;
      const line = String(row[table === 'events' ? 'line' : 'original']);
      const other = found.get(line);
      if (other !== undefined && !mayStandTwice(world, lost, row, other)) problems.push(`line "${line}" is stored twice`);
      found.set(line, row);
      const poison = line.includes('poison') || row['site'] === weather.refusedSite;
      const dead = line.includes('dead');
      if (table === 'events' ? poison || dead : row['reason'] !== (dead ? 'not_json' : poison ? 'refused_by_store' : '')) problems.push(`line "${line}" stands in the wrong table`);
    }
  }
  let expected = 0;
  for (const shipper of shippers) {
    for (const [line, { site, stream, seq }] of shipper.acknowledged) {
      expected += 1;
      const row = found.get(line);
      if (row === undefined && missing.has(line)) continue;
      if (row === undefined) problems.push(`line "${line}" was acknowledged and is not stored`);
      else if (row['site'] !== site || row['stream'] !== stream || (seq !== undefined && row['seq'] !== seq)) problems.push(`line "${line}" is stored elsewhere`);
    }
  }
  if (found.size > expected) problems.push('lines are stored that nobody sent');
}

/** Leaves are numbered without a hole, in the order of the log, each place of a chain once; roots and nodes follow from the rows. */
function checkTrees(world: World, commits: readonly CommitRecord[]): void {
  const { problems } = world;
  const bySite = Map.groupBy(rowsOf(world, 'events'), (row) => String(row['site']));
  for (const [site, rows] of bySite) {
    const ordered = rows.toSorted((a, b) => Number(a['leaf']) - Number(b['leaf']));
    const places = new Set(ordered.map((r) => `${r['stream']} ${r['epoch']} ${r['seq']}`));
    if (places.size !== ordered.length) problems.push(`${site}: a place of a chain is taken twice`);
    const roots = new Map<string, string>();
    let frontier: Frontier = EMPTY_FRONTIER;
    let position = -1;
    let [tile, run] = [EMPTY_FRONTIER, EMPTY_FRONTIER];
    let runs: Buffer[] = [];
    const nodes: string[] = [];
    const note = (): void => void roots.set(formatFrontier(frontier), rootOf(frontier).toString('base64'));
    note();
    for (const [i, row] of ordered.entries()) {
      if (row['leaf'] !== i) return void problems.push(`${site}: leaf ${row['leaf']} stands where ${i} should`);
      if (Number(row['position']) < position) problems.push(`${site}: leaf ${i} is out of order`);
      position = Number(row['position']);
      const keyEpoch = Number(String(row['user_name']).slice(4));
      const leaf = toyLeaf(site, String(row['stream']), Number(row['epoch']), Number(row['seq']), Number(row['derivation']), keyEpoch, String(row['line']));
      frontier = appendLeaf(frontier, leaf);
      note();
      [tile, run] = [appendLeaf(tile, leaf), appendLeaf(run, leaf)];
      if (run.size ** 2 === TILE_LEAVES) [runs, run] = [[...runs, rootOf(run)], EMPTY_FRONTIER];
      if (tile.size < TILE_LEAVES) continue;
      nodes.push(`${nodes.length} ${rootOf(tile).toString('base64')} ${Buffer.concat(runs).toString('base64')} ${row['position']}`);
      [tile, runs] = [EMPTY_FRONTIER, []];
    }
    for (const commit of commits) {
      const state = commit.sites[site];
      if (state !== undefined && roots.get(state.tree) !== state.root) problems.push(`${site}: the root of commit ${commit.first} does not follow from the rows`);
    }
    const last = commits.findLast((c) => c.sites[site] !== undefined)?.sites[site];
    if (last?.tree !== formatFrontier(frontier)) problems.push(`${site}: the last commit's tree is not that of all rows`);
    const stored = rowsOf(world, 'nodes').filter((n) => n['site'] === site).toSorted((a, b) => Number(a['tile']) - Number(b['tile']));
    if (stored.map((n) => `${n['tile']} ${n['hash']} ${n['roots']} ${n['position']}`).join('\n') !== nodes.join('\n')) problems.push(`${site}: the nodes are not those of the tree`);
    world.counts.nodes += nodes.length;
  }
}

/** Sent = events + dead letters + duplicates; each table holds what the commits say; every commit has its copy. */
function checkCounts(world: World, commits: readonly CommitRecord[], lost: ReadonlySet<string>): void {
  const { problems, storeDisk } = world;
  let sent = 0;
  let damaged = 0;
  for (const [position, lines] of world.sent) if (!lost.has(position)) {
    sent += lines.length;
    if (lines.length === 0) damaged += 1;
  }
  const duplicates = commits.reduce((sum, c) => sum + c.duplicates, 0);
  const counted = (table: TableName): number => commits.reduce((sum, c) => sum + (c.rows[table] ?? 0), 0);
  if (sent !== counted('events') + counted('dead_letters') - damaged + duplicates) problems.push(`sent ${sent}, stored ${counted('events')}, dead ${counted('dead_letters')} with ${damaged} damaged, repeated ${duplicates}`);
  for (const table of ['events', 'matches', 'alerts', 'dead_letters', 'blocks', 'gaps', 'acts', 'accesses', 'nodes'] as const) {
    const rows = rowsOf(world, table).length;
    if (rows !== counted(table)) problems.push(`${table}: ${rows} rows, the commits say ${counted(table)}`);
  }
  const [events, acts, accesses] = (['events', 'acts', 'accesses'] as const).map((table) => rowsOf(world, table).map((row) => `${row['site']} ${row['leaf']} ${row['tier']}`).toSorted().join('\n'));
  if (acts !== events || accesses !== events) problems.push('acts and accesses are not those of the events');
  for (const { partition, first } of commits) if (!storeDisk.commits.has(`${partition}/${first}`)) problems.push(`commit ${partition}/${first} has no copy in the store`);
  world.counts.duplicates = duplicates;
  world.counts.damaged = damaged;
}

function checkAlerts(world: World, lost: ReadonlySet<string>): void {
  const alerts = rowsOf(world, 'alerts');
  if (new Set(alerts.map((a) => a['id'])).size !== alerts.length) world.problems.push('an alert id is used twice');
  world.counts.forks = alerts.filter((a) => a['rule'] === 'tourniquet.chain.fork').length;
  if (world.counts.forks > 0 && lost.size === 0 && !world.shippers.some((s) => s.forked)) world.problems.push('an honest shipper was called a fork');
}

/** Once all that was held back has come, the holes of honest shippers are closed. */
function checkGaps(world: World, lost: ReadonlySet<string>): void {
  if (lost.size > 0 || world.shippers.some((s) => s.forked || s.damaged > 0)) return;
  const open = new Map<string, boolean>();
  // What a power loss took stands behind later rows once it is back.
  for (const g of rowsOf(world, 'gaps').toSorted((a, b) => Number(a['position']) - Number(b['position']))) open.set(`${g['site']} ${g['stream']} ${g['epoch']} ${g['from_seq']} ${g['to_seq']}`, g['state'] === 'open');
  for (const [gap, isOpen] of open) if (isOpen) world.problems.push(`gap ${gap} stayed open`);
}

/** A reader that keeps the last range of each partition sees each observation once, in order. */
function checkObservations(world: World, commits: readonly CommitRecord[], lost: ReadonlySet<string>): void {
  const { problems, logDisk } = world;
  const seen: string[] = [];
  for (let p = 0; p < world.partitions; p++) {
    let end = -1;
    for (const { key, value } of logDisk.observations.flatMap((d) => d.records)) {
      if (key !== String(p)) continue;
      const { range, rules, observations } = JSON.parse(value.toString()) as { readonly range: GroupRange; readonly rules: string; readonly observations: readonly Observation[] }; // Written by the worker.
      if (range.first <= end) continue;
      end = range.last;
      const commit = commits.find((c) => c.partition === p && c.first === range.first);
      if (commit !== undefined && commit.versions.rules !== rules) problems.push(`commit ${p}/${range.first} was told of under other rules`);
      for (const o of observations) seen.push(`${o.site} ${o.leaf} ${o.fields['line']}`);
    }
  }
  const expected = rowsOf(world, 'matches').map((m) => `${m['site']} ${m['leaf']} ${m['field']}`);
  world.counts.observed = seen.length;
  // A group may have been told of and then lost.
  const told = new Set(seen);
  if (lost.size > 0 && told.size === seen.length && expected.every((e) => told.has(e))) return;
  if (seen.toSorted().join('\n') !== expected.toSorted().join('\n')) problems.push(`the second stage saw ${seen.length} observations of ${expected.length}`);
}

/** What is stored masked can be revealed. */
function checkVault(world: World): void {
  const lines = new Map(rowsOf(world, 'events').map((e) => [`${e['site']} ${e['leaf']}`, e]));
  const missing = rowsOf(world, 'matches').filter((m) => {
    const event = lines.get(`${m['site']} ${m['leaf']}`);
    return event !== undefined && !world.vault.has(`${event['site']} ${toyToken(String(event['user_name']), String(event['line']))}`);
  });
  if (missing.length > 0) world.problems.push(`${missing.length} stored values are not in the vault`);
}

/** The control stream and the log keep a few groups, however long the history was. */
function checkBounds({ problems, logDisk, plan: { config }, partitions }: World): void {
  const controlMost = 4 * (config.snapshot_every + 2 * config.recount_groups) * 3 * partitions + 2 * 10 * config.snapshot_every;
  if (logDisk.control.entries.length > controlMost) problems.push(`the control stream holds ${logDisk.control.entries.length} entries`);
  const recordsMost = 2 * config.recount_groups * config.max_group_events + config.max_group_events;
  for (const { records } of logDisk.partitions) if (records.length > recordsMost) problems.push(`the log holds ${records.length} records`);
}
