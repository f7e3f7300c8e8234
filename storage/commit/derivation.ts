import type { AmendRecord, PrepareRecord, StreamState } from '../../contracts/control.ts';
import type { LogRecord } from '../../contracts/event-log.ts';
import type { SiteKeys, VaultEntry } from '../../contracts/keys.ts';
import type { RecordHead } from '../../contracts/log-record.ts';
import { parseRecord } from '../../contracts/log-record.ts';
import type { DeadLetterReason } from '../../contracts/line-status.ts';
import type { Frontier } from '../../contracts/merkle.ts';
import { isSite, SYSTEM_SITE } from '../../contracts/names.ts';
import type { Observation } from '../../contracts/observation.ts';
import type { RecoverableValue, Stage, StageBlock, StageVersions, TableRows } from '../../contracts/stage.ts';
import type { TableName } from '../../contracts/tables.ts';
import { growTiles } from '../../contracts/tile.ts';
import type { BlockPlace, ChainLimits, Notice } from './chain-tracker.ts';
import { EMPTY_STREAM, track } from './chain-tracker.ts';
import { headAfter, lineEnds } from './chain-lines.ts';
import type { RowPlace } from './chain-rows.ts';
import { alertRow, blockRow, chainAlerts, DAMAGED, damagedRow, gapRows, jsonRows, LOST, lostRow, nodeRows } from './chain-rows.ts';
import { CommitError } from './errors.ts';
import { endOfRuns, linesBelow } from './ingress-runs.ts';
import type { PartitionState, Site } from './partition-state.ts';
import { EMPTY_SITE } from './partition-state.ts';

/** A record's block; undefined when the record is damaged for good. */
export interface OpenedBlock {
  readonly head: RecordHead;
  readonly body: Buffer;
}

/** A group derived to the last byte. Equal inputs give an equal value on every worker and at every try. */
export interface DerivedGroup {
  readonly prepare: PrepareRecord;
  /** One a table and tier. */
  readonly inserts: readonly TableRows[];
  readonly rows: Readonly<Partial<Record<TableName, number>>>;
  /** Lines that were stored before. */
  readonly duplicates: number;
  readonly maskedSpans: number;
  readonly damaged: number;
  /** For the second stage, in the order of the lines. */
  readonly observations: readonly Observation[];
  /** For the vault, each site's token once. */
  readonly recoverable: readonly VaultEntry[];
  readonly touched: ReadonlyMap<string, Site>;
  /** Where the group before ended, plus one. */
  readonly continues: number;
  readonly after: PartitionState;
  /** Ends of the chained blocks in the group, as `endOf` writes them. */
  readonly ends: ReadonlySet<string>;
}

export interface DerivationInput {
  readonly partition: number;
  readonly before: PartitionState;
  readonly stage: Stage;
  readonly versions: StageVersions;
  readonly keysOf: (site: string) => Promise<SiteKeys>;
  readonly append: (frontier: Frontier, leaves: Buffer) => Frontier;
  readonly nowMs: () => number;
  /** What a prepare record fixed; absent in a draft. */
  readonly prepared?: PrepareRecord;
  readonly amend?: AmendRecord | undefined;
  /** Of a draft: positions before it that the log let go of unstored. */
  readonly lost?: PrepareRecord['lost'];
  readonly limits?: ChainLimits | undefined;
  readonly tileLeaves?: number | undefined;
  /** Whether a block of the stream with this end was stored in an earlier group: asked in drafts only. */
  readonly ask?: (site: string, stream: string, lastSeq: number, head: string) => Promise<boolean>;
  /** Sees each piece the stage derives. */
  readonly onPiece?: (block: StageBlock) => void;
}

export interface Derivation {
  add(record: LogRecord, opened: OpenedBlock | undefined): Promise<void>;
  finish(): DerivedGroup;
}

export function endOf(site: string, stream: string, lastSeq: number, head: string): string {
  return `${site} ${stream} ${lastSeq} ${head}`;
}

interface Damage {
  readonly record: LogRecord;
  readonly site: string;
  readonly leaf: number;
}

export function beginDerivation(input: DerivationInput): Derivation {
  const { partition, before, stage, prepared } = input;
  const group = stage.begin();
  const touched = new Map<string, Site>();
  const ends = new Set<string>();
  const knownBlocks: Record<string, boolean> = {};
  const keyEpochs: Record<string, number> = {};
  const own = { alerts: [] as object[], gaps: [] as object[], blocks: [] as object[], nodes: [] as object[] };
  const damages: Damage[] = [];
  const observations: Observation[] = [];
  const recoverable = new Map<string, VaultEntry>();
  const lost = prepared === undefined ? input.lost : prepared.lost;
  const amended = new Map<number, (readonly [number, DeadLetterReason])[]>();
  for (const [position, line, reason] of input.amend?.rejects ?? []) amended.set(position, [...(amended.get(position) ?? []), [line, reason]]);
  let first = -1;
  let last = -1;
  let receivedFrom = Infinity;
  let receivedTo = -Infinity;
  let duplicates = 0;
  let maskedSpans = 0;

  const siteOf = (name: string): Site => touched.get(name) ?? before.sites.get(name) ?? EMPTY_SITE;

  async function verdict(position: number, site: string, stream: string, lastSeq: number, head: string): Promise<boolean> {
    if (ends.has(endOf(site, stream, lastSeq, head))) return true;
    const fixed = prepared?.known_blocks?.[position];
    if (fixed !== undefined) return fixed;
    if (input.ask === undefined) throw new CommitError('TQ-COMMIT-07', `partition ${partition}, position ${position}`);
    return (knownBlocks[position] = await input.ask(site, stream, lastSeq, head));
  }

  /** One piece of a block under one epoch; returns the site with its tree grown. */
  function derivePiece(site: Site, place: Omit<RowPlace, 'leaf'>, block: OpenedBlock, keys: SiteKeys, piece: Piece): Site {
    const { head, body } = block;
    const leaf = site.frontier.size;
    const rejects = new Map(head.rejects);
    for (const [line, reason] of amended.get(place.position) ?? []) rejects.set(line, reason);
    const stageBlock: StageBlock = {
      site: head.site, stream: head.stream, epoch: piece.epoch, firstSeq: piece.firstSeq, skipLines: piece.from,
      receivedAtMs: head.received_at, provenance: head.provenance, partition, position: place.position, firstLeaf: leaf,
      body: piece.to === head.lines ? body : body.subarray(0, lineEnds(body)[piece.to - 1]),
      nonces: head.framing === 'chained', rejects, keys,
    };
    input.onPiece?.(stageBlock);
    const outcome = group.add(stageBlock);
    if (outcome.leaves.length !== outcome.stored * 32 || outcome.stored + outcome.deadLetters !== piece.to - piece.from) throw new CommitError('TQ-COMMIT-08', `partition ${partition}, position ${place.position}`);
    maskedSpans += outcome.maskedSpans;
    for (const observation of outcome.observations) observations.push(observation);
    keepRecoverable(head.site, outcome.recoverable);
    own.blocks.push(blockRow({ ...place, leaf }, {
      epoch: piece.epoch, firstSeq: piece.firstSeq + piece.from, lines: piece.to - piece.from, stored: outcome.stored, dead: outcome.deadLetters,
      maskedSpans: outcome.maskedSpans, provenance: head.provenance, previousHead: piece.previousHead, head: piece.head,
    }));
    const { frontier, runs, roots } = growTiles(site, outcome.leaves, input.append, input.tileLeaves);
    own.nodes.push(...nodeRows({ ...place, leaf }, roots));
    return { ...site, frontier, runs };
  }

  function keepRecoverable(site: string, values: readonly RecoverableValue[]): void {
    for (const { token, value, subjects } of values) {
      const known = recoverable.get(`${site} ${token}`);
      recoverable.set(`${site} ${token}`, { site, token, value: known?.value ?? Buffer.from(value), subjects: known === undefined ? subjects : [...new Set([...known.subjects, ...subjects])] });
    }
  }

  /** Lines without a chain. Those out of the ingress topic come again after a crash of the bridge: their offsets tell. */
  function addPlain(old: Site, stream: StreamState, place: Omit<RowPlace, 'leaf'>, block: OpenedBlock, keys: SiteKeys): void {
    const { head } = block;
    const runs = head.ingress?.runs;
    const ingressNext = stream.ingressNext ?? 0;
    const repeated = runs === undefined ? 0 : Math.min(head.lines, linesBelow(runs, ingressNext));
    duplicates += repeated;
    if (repeated > 0 && repeated === head.lines) return;
    // The sequence counts stored lines only.
    const firstSeq = Math.max(0, stream.plainSeq - repeated);
    const site = derivePiece(old, place, block, keys, { epoch: 0, firstSeq, from: repeated, to: head.lines, previousHead: '', head: '' });
    const after: StreamState = { ...stream, plainSeq: firstSeq + head.lines, ...(runs === undefined ? {} : { ingressNext: Math.max(ingressNext, endOfRuns(runs)) }) };
    touched.set(head.site, { ...site, streams: new Map(site.streams).set(head.stream, after) });
  }

  async function addBlock(record: LogRecord, block: OpenedBlock): Promise<void> {
    const { head } = block;
    const keys = await input.keysOf(head.site);
    keyEpochs[head.site] = keys.epoch;
    const old = siteOf(head.site);
    const stream = old.streams.get(head.stream) ?? EMPTY_STREAM;
    const place = { site: head.site, stream: head.stream, receivedAtMs: head.received_at, partition, position: record.position };
    if (head.chain === undefined) return addPlain(old, stream, place, block, keys);
    const spot = placeOf(head, head.chain, block.body);
    const lastSeq = spot.firstSeq + spot.lines - 1;
    let tracked = track(stream, spot, undefined, input.limits);
    if (tracked.disposition === 'ask') tracked = track(stream, spot, await verdict(record.position, head.site, head.stream, lastSeq, spot.head), input.limits);
    ends.add(endOf(head.site, head.stream, lastSeq, spot.head));
    if (tracked.disposition !== 'store') {
      duplicates += head.lines;
      return;
    }
    const leaf = old.frontier.size;
    // A gap is alerted on where it opens, not where a late block leaves a smaller one.
    const opened = !tracked.notices.some((n: Notice) => n.type === 'gap' && n.state === 'closed');
    own.alerts.push(...chainAlerts({ ...place, leaf }, tracked.notices, spot.firstSeq, opened));
    own.gaps.push(...gapRows({ ...place, leaf }, tracked.notices));
    let site: Site = { ...old, streams: new Map(old.streams).set(head.stream, tracked.state) };
    let fresh = 0;
    for (const { epoch, from, to } of tracked.segments) {
      const headOf = (lines: number): string => (lines === 0 ? spot.previousHead : lines === spot.lines ? spot.head : spot.headAfter(lines));
      site = derivePiece(site, place, block, keys, { epoch, firstSeq: spot.firstSeq, from, to, previousHead: headOf(from), head: headOf(to) });
      fresh += to - from;
    }
    duplicates += head.lines - fresh;
    touched.set(head.site, site);
  }

  function finish(): DerivedGroup {
    // A group of nothing but damaged records has no receipt time of its own.
    const from = prepared?.received_from ?? (receivedFrom === Infinity ? input.nowMs() : receivedFrom);
    const to = prepared?.received_to ?? (receivedTo === -Infinity ? from : receivedTo);
    const dead: object[] = [];
    for (const { record, site, leaf } of damages) {
      const place = { site, stream: '', receivedAtMs: from, partition, position: record.position, leaf };
      own.alerts.push(alertRow(place, DAMAGED, 0, 0));
      dead.push(damagedRow(place, record.value.length, parseRecord(record.value) === undefined ? '' : record.value.toString('base64')));
    }
    if (lost !== undefined) {
      const place = { site: SYSTEM_SITE, stream: `event-log/${partition}`, receivedAtMs: from, partition, position: first, leaf: siteOf(SYSTEM_SITE).frontier.size };
      own.alerts.push(alertRow(place, LOST, 0, lost.from));
      own.gaps.push(lostRow(place, lost));
    }
    // The stage sees no heads, so the rows of `blocks` are ours.
    const parts = group.finish().filter((r) => r.table !== 'blocks');
    for (const [table, rows] of Object.entries({ ...own, dead_letters: dead })) if (rows.length > 0) parts.push(jsonRows(table as TableName, rows)); // Keys of the literal are table names.
    const inserts = joinInserts(parts.filter((p) => p.rows > 0));
    const rows: Partial<Record<TableName, number>> = {};
    for (const insert of inserts) rows[insert.table] = (rows[insert.table] ?? 0) + insert.rows;
    const prepare: PrepareRecord = prepared ?? {
      type: 'prepare', partition, first, last, versions: input.versions, key_epochs: keyEpochs, received_from: from, received_to: to,
      ...(Object.keys(knownBlocks).length > 0 ? { known_blocks: knownBlocks } : {}), ...(lost === undefined ? {} : { lost }),
    };
    const after = { next: last + 1, sites: new Map([...before.sites, ...touched]) };
    return { prepare, inserts, rows, duplicates, maskedSpans, damaged: damages.length, observations, recoverable: [...recoverable.values()], touched, ends, continues: before.next, after };
  }

  return {
    async add(record, opened) {
      if (first < 0) first = record.position;
      last = record.position;
      if (opened === undefined) {
        const site = isSite(record.key) ? record.key : SYSTEM_SITE;
        damages.push({ record, site, leaf: siteOf(site).frontier.size });
        return;
      }
      receivedFrom = Math.min(receivedFrom, opened.head.received_at);
      receivedTo = Math.max(receivedTo, opened.head.received_at);
      await addBlock(record, opened);
    },
    finish,
  };
}

interface Piece {
  readonly epoch: number;
  /** Of the block, not of the piece. */
  readonly firstSeq: number;
  readonly from: number;
  readonly to: number;
  readonly previousHead: string;
  readonly head: string;
}

function placeOf(head: RecordHead, chain: NonNullable<RecordHead['chain']>, body: Buffer): BlockPlace {
  const heads = new Map<number, string>();
  return {
    epoch: chain.epoch, firstSeq: chain.first_seq, lines: head.lines, previousHead: chain.previous_head, head: chain.head,
    headAfter(lines) {
      const known = heads.get(lines) ?? headAfter(body, chain.previous_head, lines);
      heads.set(lines, known);
      return known;
    },
  };
}

/** Rows of one table and tier travel in one insert, because it has one token. */
function joinInserts(parts: readonly TableRows[]): readonly TableRows[] {
  const joined = new Map<string, TableRows>();
  for (const part of parts) {
    const key = `${part.table}/${part.tier}`;
    const other = joined.get(key);
    if (other !== undefined && (other.format !== 'JSONEachRow' || part.format !== 'JSONEachRow')) throw new CommitError('TQ-COMMIT-08', `table ${part.table}`);
    const feed = other === undefined || other.data.at(-1) === 10 ? [] : [Buffer.from('\n')];
    joined.set(key, other === undefined ? part : { ...other, rows: other.rows + part.rows, data: Buffer.concat([other.data, ...feed, part.data]) });
  }
  return [...joined.values()];
}
