import type { ActColumns, TouchedSubject } from '../../contracts/acts.ts';
import { leafHash } from '../../contracts/leaf.ts';
import { NONCE_CHARS } from '../../contracts/chain.ts';
import type { Provenance } from '../../contracts/provenance.ts';
import type { Stage, StageBlock, TableRows } from '../../contracts/stage.ts';
import type { TableName } from '../../contracts/tables.ts';
import type { Derivations } from '../verify/derived-rows.ts';

/** A line of the toy trail. */
export interface ToyLine {
  readonly n: number;
  readonly action?: string;
  readonly user?: string;
  readonly subject?: string;
  readonly class?: string;
  readonly alert?: boolean;
  readonly dead?: boolean;
}

const NO_ACT: ActColumns = {
  actor: '', role: '', session: '', address: '', key: '', plugin: '', category: '', action: '', outcome: '', how: '', target_kind: '', target: '', destination: '', region: '',
  classes: [], fields: [], records: 0, subjects: 0, batch: '',
};

function parsed(line: string): Partial<ToyLine> {
  // A line of this trail, or one that a test put in its place.
  return JSON.parse(line) as Partial<ToyLine>;
}

function deed(line: string, provenance: Provenance): { readonly act: ActColumns; readonly subjects: readonly TouchedSubject[] } | undefined {
  const { action = '', user = '', subject } = parsed(line);
  if (provenance !== 'plugin') return undefined;
  const subjects = subject === undefined ? [] : [{ subject, kind: 'customer', jurisdiction: 'DE' }];
  return { act: { ...NO_ACT, actor: user, action, how: 'view', records: subjects.length, subjects: subjects.length }, subjects };
}

/** A derivation in a few lines: what `detect/` is for the real one. */
export const TOY_DERIVATIONS: Derivations = {
  columns: (derivation, line, receivedAtMs) => (derivation === 1 ? { timestamp: receivedAtMs, action: parsed(line).action ?? '', user_name: parsed(line).user ?? '', path: '', status: 0 } : undefined),
  deed,
};

type Rows = Record<'events' | 'matches' | 'alerts' | 'dead_letters' | 'acts' | 'accesses', { readonly tier: string; readonly row: object }[]>;

/** An honest stage: rows, leaves and the read model of toy lines. `tierOf`: of a site and line. */
export function toyTrailStage(tierOf: (site: string, receivedAtMs: number) => string): Stage {
  return {
    versions: { derivation: 1, rules: 'toy' },
    begin() {
      const rows: Rows = { events: [], matches: [], alerts: [], dead_letters: [], acts: [], accesses: [] };
      return {
        add: (block) => addBlock(rows, block, tierOf(block.site, block.receivedAtMs)),
        finish: () => Object.entries(rows).flatMap(([table, list]) => inserts(table as TableName, list)), // Keys of `Rows` are tables.
      };
    },
  };
}

function inserts(table: TableName, list: Rows['events']): readonly TableRows[] {
  return [...new Set(list.map(({ tier }) => tier))].map((tier) => {
    const rows = list.filter((r) => r.tier === tier).map(({ row }) => `${JSON.stringify(row)}\n`);
    return { table, tier, rows: rows.length, format: 'JSONEachRow', data: Buffer.from(rows.join('')) };
  });
}

function addBlock(rows: Rows, block: StageBlock, tier: string): ReturnType<ReturnType<Stage['begin']>['add']> {
  const { site, stream, epoch, partition, position, provenance, receivedAtMs } = block;
  const received_at = new Date(receivedAtMs).toISOString();
  const leaves: Buffer[] = [];
  const counts = { dead: 0, alerts: 0 };
  for (const [index, text] of block.body.toString().split('\n').slice(0, -1).entries()) {
    const line = block.nonces ? text.slice(NONCE_CHARS + 1) : text;
    const [seq, leaf, said] = [block.firstSeq + index, block.firstLeaf + leaves.length, parsed(line)];
    const place = { site, received_at, partition, position };
    if (said.dead === true) {
      counts.dead++;
      rows.dead_letters.push({ tier: 'standard', row: { ...place, stream, epoch, seq, line_index: index, reason: 'not_json', bytes: line.length, original: '' } });
      continue;
    }
    const at = { ...place, leaf, timestamp: received_at };
    leaves.push(leafHash({ site, stream, epoch, receivedAtMs, provenance, derivation: 1, seq }, Buffer.from(line)));
    rows.events.push({ tier, row: { ...at, stream, epoch, seq, provenance, derivation: 1, tier, action: said.action ?? '', user_name: said.user ?? '', classes: said.class === undefined ? [] : [said.class], line } });
    if (said.class !== undefined) rows.matches.push({ tier: 'standard', row: { ...at, engine: 'pack', rule: 'toy', rule_version: '1', level: 'low', class: said.class, field: 'n', view: '', spans: 1 } });
    if (said.alert === true) {
      counts.alerts++;
      rows.alerts.push({ tier: 'standard', row: { ...at, id: `alert_${site}_${leaf}`, rule: 'toy', rule_version: '1', title: 'Toy', level: 'high', stream, epoch, seq } });
    }
    addDeed(rows, { ...at, provenance, tier }, deed(line, provenance));
  }
  return { stored: leaves.length, deadLetters: counts.dead, maskedSpans: 0, alerts: counts.alerts, leaves: Buffer.concat(leaves), observations: [], recoverable: [] };
}

function addDeed(rows: Rows, at: Readonly<Record<string, string | number>> & { readonly tier: string }, found: ReturnType<typeof deed>): void {
  if (found === undefined) return;
  rows.acts.push({ tier: at.tier, row: { ...at, ...found.act } });
  const { category: _category, target_kind: _kind, target: _target, region: _region, records: _records, subjects: _subjects, batch: _batch, ...shared } = found.act;
  for (const { subject, kind, jurisdiction } of found.subjects) rows.accesses.push({ tier: at.tier, row: { ...at, ...shared, subject, subject_kind: kind, jurisdiction } });
}
