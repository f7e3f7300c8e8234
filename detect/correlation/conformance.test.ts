import { describe, expect, test } from 'vitest';
import { corpusRows } from '../../contracts/reference-data.ts';
import { printProblems } from '../sigma/language/print-problems.ts';
import { readRules } from '../sigma/language/read-rules.ts';
import { loadMappings } from '../sigma/mappings/load-mappings.ts';
import { matches } from '../sigma/naive/matches.ts';
import { viewsOf } from '../views/views.ts';
import { WHOLE_HISTORY } from './config.ts';
import { createCorrelations } from './correlations.ts';
import { createObserver } from './observer.ts';

interface Case {
  readonly id: string;
  readonly rules: readonly Readonly<Record<string, unknown>>[];
  readonly rule: string;
  readonly events: readonly (Readonly<Record<string, unknown>> & { readonly '@timestamp': string })[];
  readonly fires: readonly { readonly at: number; readonly group: Readonly<Record<string, string>> }[];
  readonly standalone?: readonly { readonly at: number; readonly rule: string }[];
}

// As the README of the reference data lays them out.
const CASES = corpusRows('sigma/conformance/correlations.ndjson') as readonly Case[] | undefined;
const SURROUNDINGS = { mappings: loadMappings([]).mappings, views: (text: string) => viewsOf(text).map((view) => view.text) };

function run({ rules: documents, rule, events }: Case): Pick<Case, 'fires' | 'standalone'> {
  const text = documents.map((document) => JSON.stringify(document)).join('\n---\n');
  const { rules, problems } = readRules([{ file: 'case.yml', text }]);
  expect(printProblems(problems, [{ file: 'case.yml', text }])).toBe('');
  const observer = createObserver(rules.correlations);
  const correlations = createCorrelations(rules.correlations, WHOLE_HISTORY);
  const standalone: { readonly at: number; readonly rule: string }[] = [];
  const found = events.flatMap((event, at) => rules.detections.flatMap((base) => {
    if (!matches(base, event, SURROUNDINGS)) return [];
    if (base.standalone) standalone.push({ at, rule: base.name ?? base.id });
    const timestamp = Date.parse(event['@timestamp']);
    const read = (field: string) => SURROUNDINGS.mappings.fieldPath(field, base.logsource).read(event);
    return observer.observe(base.id, 'shop', read).flatMap((told) => correlations.observe({ ...told, site: 'shop', leaf: at, timestamp, received_at: timestamp, rule: base.id }));
  }));
  const fires = [...found, ...correlations.finish()].filter((one) => one.rule.name === rule).map(({ evidence, group }) => ({ at: evidence.at(-1)?.leaf ?? -1, group }));
  return { fires: fires.toSorted((a, b) => a.at - b.at), standalone };
}

describe.skipIf(CASES === undefined)('the reference cases', () => { // The corpora are absent on a user's machine; in CI that is an error.
  test('are 62', () => {
    expect(CASES?.length).toBe(62);
  });

  test.each(CASES?.map((one) => [one.id, one] as const) ?? [])('%s', (_id, one) => {
    const { fires, standalone } = run(one);
    expect(fires).toEqual(one.fires);
    if (one.standalone !== undefined) expect(standalone).toEqual(one.standalone);
  });
});
