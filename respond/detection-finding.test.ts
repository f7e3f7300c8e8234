import { expect, test } from 'vitest';
import { LEVELS } from '../contracts/pack.ts';
import { corpusText } from '../contracts/reference-data.ts';
import { sampleAlert } from './control-fixture.ts';
import { detectionFinding } from './detection-finding.ts';

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

test('a finding holds to the compiled OCSF 1.8.0 schema, at every level, with and without address', ({ skip }) => {
  // A file of the corpora, read by its own shape.
  const schema = JSON.parse(corpusText('fields/ocsf/detection_finding.compiled.json') ?? skip()) as Schema;
  for (const level of LEVELS) for (const includeAddresses of [false, true]) {
    const finding = detectionFinding(sampleAlert(1, { level }), { productVersion: '1', includeAddresses });
    expect(problems(schema, schema.attributes, finding, '')).toEqual([]);
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
