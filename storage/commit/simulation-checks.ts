import type { CommitRecord } from '../../contracts/control.ts';
import type { Frontier } from '../../contracts/merkle.ts';
import { appendLeaf, EMPTY_FRONTIER, formatFrontier, rootOf } from '../../contracts/merkle.ts';
import type { TableName } from '../../contracts/tables.ts';
import type { StoredRow } from './memory-store.ts';
import type { World } from './simulation.ts';
import { resultOf } from './recovery.ts';
import { toyLeaf } from './toy-stage.ts';

/** What must hold once a history came to rest. Findings go to the world's problems. */
export function checkWorld(world: World): void {
  const commits = committedGroups(world);
  checkLines(world);
  checkTrees(world, commits);
  checkCounts(world, commits);
  checkAlerts(world);
  checkGaps(world);
  checkBounds(world);
}

function rowsOf(world: World, table: TableName): readonly StoredRow[] {
  return world.storeDisk.parts.filter((p) => p.table === table).flatMap((p) => p.rows);
}

/** Commits in order. A worker that stood still may have written an equal one again after the first was trimmed. */
function committedGroups(world: World): readonly CommitRecord[] {
  const groups: CommitRecord[] = [];
  let next = 0;
  const all = [...world.commits.values()].map((text) => JSON.parse(text) as CommitRecord); // Written by the committer.
  for (const record of all.toSorted((a, b) => a.first - b.first)) {
    const before = groups.at(-1);
    if (before !== undefined && record.first < next) {
      if (record.first !== before.first || resultOf(record) !== resultOf(before)) world.problems.push(`commit ${record.first} overlaps another`);
      continue;
    }
    groups.push(record);
    next = record.last + 1;
  }
  world.counts.groups = groups.length;
  return groups;
}

/**
 * When a fork reaches back over more blocks than a branch remembers, its old lines stand once in each epoch: nothing
 * tells them from new ones.
 */
function mayStandTwice({ tight, shippers }: World, one: StoredRow, other: StoredRow): boolean {
  return tight && one['epoch'] !== other['epoch'] && shippers.some((s) => s.forked && s.site === one['site'] && s.stream === one['stream']);
}

/** Every acknowledged line stands once, as an event or a dead letter, at its own sequence. */
function checkLines(world: World): void {
  const { problems, shippers, storeDisk } = world;
  const found = new Map<string, StoredRow>();
  for (const { table, rows } of storeDisk.parts) {
    if (table !== 'events' && table !== 'dead_letters') continue;
    for (const row of rows) {
      if (row['reason'] === 'damaged_record') continue;
      const line = String(row[table === 'events' ? 'line' : 'original']);
      const other = found.get(line);
      if (other !== undefined && !mayStandTwice(world, row, other)) problems.push(`line "${line}" is stored twice`);
      found.set(line, row);
      const poison = line.includes('poison');
      const dead = line.includes('dead');
      if (table === 'events' ? poison || dead : row['reason'] !== (dead ? 'not_json' : poison ? 'refused_by_store' : '')) problems.push(`line "${line}" stands in the wrong table`);
    }
  }
  let expected = 0;
  for (const shipper of shippers) {
    for (const [line, { site, stream, seq }] of shipper.acknowledged) {
      expected += 1;
      const row = found.get(line);
      if (row === undefined) problems.push(`line "${line}" was acknowledged and is not stored`);
      else if (row['site'] !== site || row['stream'] !== stream || (seq !== undefined && row['seq'] !== seq)) problems.push(`line "${line}" is stored elsewhere`);
    }
  }
  if (found.size > expected) problems.push('lines are stored that nobody sent');
}

/** Leaves are numbered without a hole, in the order of the log, each place of a chain once; roots follow from the rows. */
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
    const note = (): void => void roots.set(formatFrontier(frontier), rootOf(frontier).toString('base64'));
    note();
    for (const [i, row] of ordered.entries()) {
      if (row['leaf'] !== i) return void problems.push(`${site}: leaf ${row['leaf']} stands where ${i} should`);
      if (Number(row['position']) < position) problems.push(`${site}: leaf ${i} is out of order`);
      position = Number(row['position']);
      const keyEpoch = Number(String(row['user_name']).slice(4));
      frontier = appendLeaf(frontier, toyLeaf(site, String(row['stream']), Number(row['epoch']), Number(row['seq']), Number(row['derivation']), keyEpoch, String(row['line'])));
      note();
    }
    for (const commit of commits) {
      const state = commit.sites[site];
      if (state !== undefined && roots.get(state.tree) !== state.root) problems.push(`${site}: the root of commit ${commit.first} does not follow from the rows`);
    }
    const last = commits.findLast((c) => c.sites[site] !== undefined)?.sites[site];
    if (last?.tree !== formatFrontier(frontier)) problems.push(`${site}: the last commit's tree is not that of all rows`);
  }
}

/** Sent = events + dead letters + duplicates; each table holds what the commits say; every commit has its copy. */
function checkCounts(world: World, commits: readonly CommitRecord[]): void {
  const { problems, shippers, storeDisk } = world;
  const sent = shippers.reduce((sum, s) => sum + s.linesSent, 0);
  const damaged = shippers.reduce((sum, s) => sum + s.damaged, 0);
  const duplicates = commits.reduce((sum, c) => sum + c.duplicates, 0);
  const counted = (table: TableName): number => commits.reduce((sum, c) => sum + (c.rows[table] ?? 0), 0);
  if (sent !== counted('events') + counted('dead_letters') - damaged + duplicates) problems.push(`sent ${sent}, stored ${counted('events')}, dead ${counted('dead_letters')} with ${damaged} damaged, repeated ${duplicates}`);
  for (const table of ['events', 'matches', 'alerts', 'dead_letters', 'blocks', 'gaps'] as const) {
    const rows = rowsOf(world, table).length;
    if (rows !== counted(table)) problems.push(`${table}: ${rows} rows, the commits say ${counted(table)}`);
  }
  for (const { first } of commits) if (!storeDisk.commits.has(first)) problems.push(`commit ${first} has no copy in the store`);
  world.counts.duplicates = duplicates;
  world.counts.damaged = damaged;
}

function checkAlerts(world: World): void {
  const alerts = rowsOf(world, 'alerts');
  if (new Set(alerts.map((a) => a['id'])).size !== alerts.length) world.problems.push('an alert id is used twice');
  world.counts.forks = alerts.filter((a) => a['rule'] === 'tourniquet.chain.fork').length;
  if (world.counts.forks > 0 && !world.shippers.some((s) => s.forked)) world.problems.push('an honest shipper was called a fork');
}

/** Once all that was held back has come, the holes of honest shippers are closed. */
function checkGaps(world: World): void {
  if (world.shippers.some((s) => s.forked || s.damaged > 0)) return;
  const open = new Map<string, boolean>();
  for (const g of rowsOf(world, 'gaps')) open.set(`${g['site']} ${g['stream']} ${g['epoch']} ${g['from_seq']} ${g['to_seq']}`, g['state'] === 'open');
  for (const [gap, isOpen] of open) if (isOpen) world.problems.push(`gap ${gap} stayed open`);
}

/** The control stream and the log keep a few groups, however long the history was. */
function checkBounds({ problems, logDisk, config, commits }: World): void {
  const controlMost = 4 * (config.snapshot_every + 2 * config.recount_groups) * 3;
  if (logDisk.control.entries.length > controlMost) problems.push(`the control stream holds ${logDisk.control.entries.length} entries`);
  const records = logDisk.partitions[0]?.records.length ?? 0;
  const recordsMost = 2 * config.recount_groups * config.max_group_events + config.max_group_events;
  if (records > recordsMost) problems.push(`the log holds ${records} records after ${commits.size} groups`);
}
