import type { ClickHouseClient } from '@clickhouse/client';
import { SYSTEM_SITE } from '../contracts/names.ts';
import type { RaisedGroup } from '../respond/commit-tail.ts';
import { readingClient } from './connections.ts';
import type { StorageAccess } from './connections.ts';
import type { OwnLines } from './own-lines.ts';
import { actLine } from './trail.ts';

/** Our own acts' stream of alerts and gaps. What is raised about its lines is not told again, or an alert about one would never end. */
export const RAISED_STREAM = 'raised';

const GAPS = `
  SELECT site, stream, epoch, from_seq, to_seq, state FROM gaps
  WHERE partition = {partition:UInt16} AND position BETWEEN {first:UInt64} AND {last:UInt64}
    AND received_at BETWEEN fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND fromUnixTimestamp64Milli({to:Int64}, 'UTC')
  ORDER BY position, site, stream, epoch, from_seq, to_seq, state`;

interface GapRow {
  readonly site: string;
  readonly stream: string;
  readonly epoch: number;
  readonly from_seq: number;
  readonly to_seq: number;
  readonly state: string;
}

export interface RaisedActs extends AsyncDisposable {
  /** Puts a group's alerts and gaps on the trail, durably; the same group again under the same ids. */
  record(group: RaisedGroup): Promise<void>;
}

export function openRaisedActs(access: StorageAccess, append: OwnLines): RaisedActs {
  const client = readingClient(access);
  return {
    async record(group) {
      const nowMs = Date.now();
      const gaps = group.gaps === 0 ? [] : await gapsOf(client, group);
      const lines = [...group.alerts.filter((alert) => alert.site !== SYSTEM_SITE || alert.stream !== RAISED_STREAM).map((alert) => alertLine(alert, nowMs)), ...gaps.map((gap) => gapLine(gap, group, nowMs))];
      if (lines.length > 0) await append(lines);
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}

async function gapsOf(client: ClickHouseClient, { range, receivedFromMs: from, receivedToMs: to }: RaisedGroup): Promise<readonly GapRow[]> {
  const answer = await client.query({ query: GAPS, format: 'JSONEachRow', query_params: { ...range, from, to }, clickhouse_settings: { output_format_json_quote_64bit_integers: 0 } });
  return answer.json<GapRow>();
}

const RESPONDER = { name: 'role:respond' } as const;

function alertLine({ id, site, leaf, rule, rule_version: version, level }: RaisedGroup['alerts'][number], nowMs: number): string {
  return actLine({ action: 'alert-raised', category: ['intrusion_detection'], outcome: 'success', id, actor: RESPONDER, target: { kind: 'rule', name: rule, site }, about: { alert: { id, leaf, level, version } } }, nowMs);
}

function gapLine({ site, stream, epoch, from_seq: from, to_seq: to, state }: GapRow, { range }: RaisedGroup, nowMs: number): string {
  const id = `gap ${state} ${range.partition}/${range.first} ${site}/${stream}/${epoch}/${from}`;
  return actLine({ action: state === 'closed' ? 'gap-closed' : 'gap-opened', category: ['process'], outcome: 'success', id, actor: RESPONDER, target: { kind: 'site', name: site, site }, about: { gap: { stream, epoch, from, to } } }, nowMs);
}
