import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { corpusRows, corpusText } from '../../../contracts/reference-data.ts';
import type { RuleFile } from '../rule.ts';
import { readRules } from './read-rules.ts';
import { line } from './told.suite.ts';

/** What a rule of the corpora would need to be known for, with the reason why it is refused. There is none. */
const EXCEPTIONS: readonly string[] = [];
/** Two rules wait for the names of domain controllers. */
const PLACEHOLDERS = { known_cdcs: ['dc01', 'dc02'] };

const FOLDERS = [['rules', 3133], ['rules-emerging-threats', 473], ['rules-threat-hunting', 139]] as const;

/** Rule files of a folder of the corpora; undefined when they are not here, which fails in CI. */
function filesOf(folder: string): readonly RuleFile[] | undefined {
  if (corpusText('sigma/LICENSE') === undefined) return undefined;
  const root = process.env['TOURNIQUET_CORPORA'] ?? new URL('../../../../shared/corpora', import.meta.url).pathname;
  return globSync(`${root}/sigma/${folder}/**/*.yml`).toSorted().map((file) => ({ file: file.slice(root.length + 1), text: readFileSync(file, 'utf8') }));
}

describe('SigmaHQ', () => {
  it.each(FOLDERS)('every rule of %s is read', (folder, count) => {
    const files = filesOf(folder);
    if (files === undefined) return;
    const { rules, problems } = readRules(files, { placeholders: PLACEHOLDERS });
    expect(problems.map((problem) => `${problem.place.file}:${line(problem)}`)).toEqual(EXCEPTIONS);
    expect([files.length, rules.detections.length, rules.correlations.length]).toEqual([count, count, 0]);
    expect(new Set(rules.detections.map(({ hash }) => hash)).size).toBe(count);
    expect(rules.detections.every(({ standalone }) => standalone)).toBe(true);
  });

  it('refuses rules whose placeholders have no values, and names both', () => {
    const files = filesOf('rules-emerging-threats/2026');
    if (files === undefined) return;
    const told = readRules(files).problems.map(({ message }) => message);
    expect(told).toEqual(['the placeholder `%known_cdcs%` has no values', 'the placeholder `%known_cdcs%` has no values']);
  });
});

describe('the specification', () => {
  it('has samples, all of which are read beside the rules they name', () => {
    const samples = filesOf('specification/tests/schema');
    if (samples === undefined) return;
    const stub = (name: string): RuleFile => ({ file: name, text: `title: ${name}\nid: ${name}\nlogsource: {category: process_creation, product: windows, service: dns}\ndetection: {s: {f: 1}, condition: s}` });
    for (const sample of samples) {
      const named = [...sample.text.matchAll(/^ {8}- ([a-z_]+|[0-9a-f-]{36})(?: #.*)?$/gm)].flatMap(([, name]) => (name === undefined ? [] : [stub(name)]));
      const stubs = named.map(({ file, text }) => ({ file, text: sample.text.includes('category: network') ? text.replace('category: process_creation', 'category: network') : text }));
      const { rules, problems } = readRules([sample, ...stubs]);
      expect(problems.map((problem) => `${problem.place.file}:${line(problem)}`), sample.file).toEqual([]);
      expect(rules.detections.length + rules.correlations.length, sample.file).toBe(stubs.length + (sample.text.includes('filter:') ? 0 : 1));
    }
    expect(samples.length).toBe(12);
  });
});

interface Row {
  readonly id: string;
  readonly detection?: unknown;
  readonly placeholders?: Readonly<Record<string, readonly string[]>>;
  readonly rules?: readonly unknown[];
}

describe('conformance', () => {
  it.each([['modifiers', 381], ['correlations', 62]] as const)('every row of %s is read', (name, count) => {
    const rows = corpusRows(`sigma/conformance/${name}.ndjson`) as readonly Row[] | undefined; // the README beside them states their shape
    for (const { id, detection, placeholders = {}, rules } of rows ?? []) {
      const documents = rules ?? [{ title: id, logsource: { category: 'test' }, detection }];
      const text = documents.map((document) => JSON.stringify(document)).join('\n---\n');
      expect(readRules([{ file: id, text }], { placeholders }).problems.map(line), id).toEqual([]);
    }
    if (rows !== undefined) expect(rows.length).toBe(count);
  });
});
