import { expect, test } from 'vitest';
import { LEVELS } from '../contracts/pack.ts';
import { corpusText } from '../contracts/reference-data.ts';
import { sampleAlert } from './control-fixture.ts';
import { detectionFinding, summaryFinding } from './detection-finding.ts';
import { afterQuiet, holding, openedBy } from './quiet-group.ts';
import type { Summary } from './quiet-group.ts';

interface Attribute {
  readonly type: string;
  readonly requirement: string;
  readonly profile?: string;
  readonly is_array?: boolean;
  readonly object_type?: string;
  readonly enum?: Readonly<Record<string, unknown>>;
}
type Attributes = Readonly<Record<string, Attribute>>;
interface Schema {
  readonly attributes: Attributes;
  readonly objects: Readonly<Record<string, { readonly attributes: Attributes }>>;
}

function typeFits(type: string, value: unknown): boolean {
  if (['integer_t', 'long_t', 'timestamp_t', 'port_t'].includes(type)) return Number.isSafeInteger(value);
  if (type === 'boolean_t') return typeof value === 'boolean';
  return type === 'json_t' ? value !== undefined : typeof value === 'string';
}

function problems(schema: Schema, attributes: Attributes, value: Readonly<Record<string, unknown>>, path: string): readonly string[] {
  const missing = Object.entries(attributes).filter(([name, a]) => a.requirement === 'required' && a.profile === undefined && value[name] === undefined);
  return [...missing.map(([name]) => `${path}${name}: missing`), ...Object.entries(value).flatMap(([name, v]) => {
    const a = attributes[name];
    if (a === undefined) return [`${path}${name}: unknown`];
    if ((a.is_array === true) !== Array.isArray(v)) return [`${path}${name}: array or not`];
    const items: readonly unknown[] = Array.isArray(v) ? v : [v];
    return items.flatMap((item) => {
      if (a.object_type !== undefined) {
        // The schema says object; a scalar has no attributes and is reported as missing its own.
        return problems(schema, schema.objects[a.object_type]?.attributes ?? {}, item as Readonly<Record<string, unknown>>, `${path}${name}.`);
      }
      if (!typeFits(a.type, item)) return [`${path}${name}: not ${a.type}`];
      return a.enum !== undefined && !(String(item) in a.enum) ? [`${path}${name}: not in the enum`] : [];
    });
  })];
}

const GROUPED = { group: 'group_a', quiet_s: 60, back_off: 2, quiet_most_s: 600 } as const;

/** Of alerts 1 to `count` held after alert 0, the last of them late. */
function summaryOf(count: number): Summary {
  let group = openedBy(sampleAlert(0, GROUPED), 0);
  for (let n = 1; n <= count; n++) group = holding(group, sampleAlert(n, { ...GROUPED, timestamp: 1_000 * n, late: n === count ? 1 : 0 }));
  const ended = afterQuiet(group, 60_000);
  if (ended === undefined) throw new RangeError('nothing was held');
  return ended.summary;
}

test('a finding holds to the compiled OCSF 1.8.0 schema, at every level, with and without address', ({ skip }) => {
  // A file of the corpora, read by its own shape.
  const schema = JSON.parse(corpusText('fields/ocsf/detection_finding.compiled.json') ?? skip()) as Schema;
  for (const level of LEVELS) for (const includeAddresses of [false, true]) {
    const finding = detectionFinding(sampleAlert(1, { level }), { productVersion: '1', includeAddresses });
    expect(problems(schema, schema.attributes, finding, '')).toEqual([]);
    const late = detectionFinding(sampleAlert(1, { ...GROUPED, level, late: 1 }), { productVersion: '1', includeAddresses });
    expect(problems(schema, schema.attributes, late, '')).toEqual([]);
    expect(problems(schema, schema.attributes, summaryFinding(summaryOf(30), { productVersion: '1', includeAddresses }), '')).toEqual([]);
  }
  const wrong = { ...detectionFinding(sampleAlert(1), { productVersion: '1', includeAddresses: false }), severity_id: 7, time: 'now', more: 1, metadata: {} };
  expect(problems(schema, schema.attributes, wrong, '')).toEqual(expect.arrayContaining(['metadata.version: missing', 'metadata.product: missing', 'severity_id: not in the enum', 'time: not timestamp_t', 'more: unknown']));
});

test('the source address leaves only when asked for, and only when it is one', () => {
  const text = (includeAddresses: boolean, ip: string): string => JSON.stringify(detectionFinding(sampleAlert(1, { source_ip: ip }), { productVersion: '1', includeAddresses }));
  expect(text(false, '198.51.100.7')).not.toContain('198.51.100.7');
  expect(text(true, '198.51.100.7')).toContain('"src_endpoint":{"ip":"198.51.100.7"}');
  expect(text(true, 'someone@example.org')).not.toContain('example.org');
});

test('a summary updates the finding that opened its group: how many, from when to when, the first ids', () => {
  const finding = summaryFinding(summaryOf(25), { productVersion: '1', includeAddresses: false });
  expect(finding).toMatchObject({ activity_id: 2, type_uid: 200402, count: 25, start_time: 1_000, end_time: 25_000, message: 'API key in a log line: 25 more, 1 of them late', severity: 'High' });
  expect(finding.finding_info).toMatchObject({ uid: sampleAlert(0).id, created_time: sampleAlert(0).received_at, modified_time: sampleAlert(25).received_at, first_seen_time: 1_000, last_seen_time: 25_000, related_events_count: 25 });
  expect(finding.finding_info.related_events.map(({ uid }) => uid)).toEqual(Array.from({ length: 20 }, (_, i) => sampleAlert(i + 1).id));
  expect(finding.metadata).toMatchObject({ uid: expect.stringMatching(/^summary_[a-p]{32}$/), correlation_uid: 'group_a', labels: ['late'] });
});

test('an alert says when it is late, and which group it is of', () => {
  const options = { productVersion: '1', includeAddresses: false };
  expect(detectionFinding(sampleAlert(1, { ...GROUPED, late: 1 }), options)).toMatchObject({ message: expect.stringContaining('(late'), metadata: { labels: ['late'], correlation_uid: 'group_a' } });
  expect(JSON.stringify(detectionFinding(sampleAlert(1), options))).not.toMatch(/late|correlation_uid/);
});
