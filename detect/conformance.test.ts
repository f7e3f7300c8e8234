import { describe, expect, test } from 'vitest';
import { corpusFiles, corpusRows } from '../contracts/reference-data.ts';
import { createRuleSet } from '../contracts/rule-set.ts';
import { createEngine } from './engine.ts';
import { sigmaScan } from './engine-fixture.ts';
import { readRuleSources } from './rule-set/read-sources.ts';
import { createLineScan } from './scan.ts';

type Document = Readonly<Record<string, unknown>>;

/** Rows as the reference data's README describes them. */
interface ModifierRow {
  readonly id: string;
  readonly detection: Document;
  readonly event: Document;
  readonly match: boolean;
  readonly placeholders?: Readonly<Record<string, readonly string[]>>;
}

interface CorrelationRow {
  readonly id: string;
  readonly rules: readonly Document[];
  readonly rule: string;
  readonly events: readonly Document[];
  readonly fires: readonly { readonly at: number; readonly group: Document }[];
  readonly standalone?: readonly { readonly rule: string; readonly at: number }[];
}

interface RegressionRow {
  readonly rule_id: string;
  readonly fields: Document;
  readonly match: boolean;
}

describe('the whole engine, from rule text and event line to result', () => {
  test('answers every row of the modifiers as expected', async () => {
    const wrong: string[] = [];
    for (const row of (corpusRows('sigma/conformance/modifiers.ndjson') ?? []) as readonly ModifierRow[]) {
      const { results } = await sigmaScan([{ title: row.id, logsource: { category: 'test' }, detection: row.detection }], { served: 'any' }, row.placeholders ?? {});
      if (results([row.event]).length > 0 !== row.match) wrong.push(row.id);
    }
    expect(wrong).toEqual([]);
  });

  test('answers every correlation as expected', async () => {
    const wrong: string[] = [];
    for (const row of (corpusRows('sigma/conformance/correlations.ndjson') ?? []) as readonly CorrelationRow[]) {
      const results = (await sigmaScan(row.rules, { served: 'any' })).results(row.events);
      const asked = row.rules.find((r) => [r['id'], r['name'], r['title']].includes(row.rule));
      const fires = results.filter((r) => r.kind === 'correlation' && r.rule === (asked?.['id'] ?? row.rule)).map((r) => (r.kind === 'correlation' ? { at: r.lines.at(-1), group: r.group } : {}));
      const expected = row.fires.map(({ at, group }) => ({ at, group: Object.fromEntries(Object.entries(group).map(([k, v]) => [k, String(v)])) }));
      if (JSON.stringify(fires) !== JSON.stringify(expected)) wrong.push(`${row.id}: ${JSON.stringify(fires)} for ${JSON.stringify(expected)}`);
    }
    expect(wrong).toEqual([]);
  });

  test('finds, with all published rules loaded, each recorded event by its rule', async () => {
    const rows = corpusRows('sigma/regression/cases.ndjson') as readonly RegressionRow[] | undefined;
    if (rows === undefined) return;
    const sigma = ['rules', 'rules-emerging-threats', 'rules-threat-hunting'].flatMap((name) => corpusFiles(`sigma/${name}`, '.yml') ?? []);
    const engine = await createEngine(createRuleSet({ ...(await readRuleSources({ packs: [] })), sigma, placeholders: { known_cdcs: ['DC1'] } }));
    expect(engine.detections.length).toBe(3_745);
    const found = createLineScan(engine).scan(rows.map(({ fields }) => JSON.stringify(fields)), rows.map((_, i) => i));
    const wrong = rows.filter(({ rule_id, match }, i) => found.some((r) => r.kind === 'match' && r.line === i && r.rule === rule_id) !== match);
    expect(wrong.map(({ rule_id }) => rule_id)).toEqual([]);
    const { events, considered } = engine.counts();
    expect(considered).toBe(events * engine.detections.length);
  });
});
