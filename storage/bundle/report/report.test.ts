import { expect, test } from 'vitest';
import type { ScopeReport } from '../../../contracts/scope.ts';
import { breachInput, HOSTILE_NAME } from '../bundle-fixture.ts';
import { clocksOf } from './clocks.ts';
import { escapeHtml } from './html.ts';
import { reportHtml } from './report.ts';

const INPUT = breachInput({ seed: 5, deeds: 130, persons: 30 });
const NOTHING: Partial<ScopeReport> = { links: [], deeds: [], subjects: [], classes: [], fields: [], jurisdictions: [], destinations: [], unnamedRecords: 0, firstMs: 0, lastMs: 0, takenOver: undefined, trust: [], gaps: [], rules: [] };

function reportOf(change: Partial<ScopeReport> = {}): string {
  return [...reportHtml({ ...INPUT, report: { ...INPUT.report, ...change } })].join('');
}

/** Names of elements that are open at the end, or that end without a beginning. */
function unbalanced(text: string): readonly string[] {
  const open: string[] = [];
  for (const [, slash, name = '', empty] of text.replace(/<style>[\s\S]*?<\/style>/, '').matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*?(\/?)>/g)) {
    if (slash === '' && empty === '' && !['meta'].includes(name)) open.push(name);
    else if (slash === '/' && open.pop() !== name) return [...open, `/${name}`];
  }
  return open;
}

test('it is one file: no script, nothing from elsewhere, elements that close', () => {
  const text = reportOf();
  expect(text).not.toMatch(/<script|<iframe|<link|<img|javascript:|\son[a-z]+=|url\(|@import|\ssrc=|\shref=/i);
  expect(text).toContain("default-src 'none'");
  expect(unbalanced(text)).toEqual([]);
});

test('what an attacker named is shown, and stays text', () => {
  const text = reportOf();
  expect(text).not.toContain(HOSTILE_NAME);
  expect(text).toContain('&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\ufffd');
  expect(escapeHtml(`a&b<c>"d"'e'\u0000\u202e\ud800`)).toBe('a&amp;b&lt;c&gt;&quot;d&quot;&#39;e&#39;\ufffd\ufffd\ufffd');
});

test.each(['site', 'seed', 'link', 'gap', 'trust', 'class', 'field', 'target', 'destination', 'kind', 'country', 'why'])('hostile text as %s breaks out of nothing', (place) => {
  const bad = `${HOSTILE_NAME}<img src=x onerror=alert(1)>&amp;${'w'.repeat(5_000)}`;
  const { report } = INPUT;
  const changes: Readonly<Record<string, Partial<ScopeReport>>> = {
    site: { request: { ...report.request, site: bad } }, seed: { request: { ...report.request, seed: { kind: 'actor', value: bad } } },
    link: { links: report.links.map((link) => ({ ...link, to: { ...link.to, value: bad }, doubt: bad })) }, gap: { gaps: report.gaps.map((gap) => ({ ...gap, stream: bad, couldHide: bad })) },
    trust: { trust: report.trust.map((trust) => ({ ...trust, stream: bad, worth: bad })) }, class: { classes: report.classes.map((total) => ({ ...total, name: bad })) }, field: { fields: report.fields.map((total) => ({ ...total, name: bad })) },
    target: { deeds: report.deeds.map((deed) => ({ ...deed, target: bad, action: bad })) }, destination: { destinations: report.destinations.map((total) => ({ ...total, name: bad })) },
    kind: { subjects: report.subjects.map((subject) => ({ ...subject, kind: bad })) }, country: { jurisdictions: report.jurisdictions.map((total) => ({ ...total, name: bad })) }, why: { takenOver: { sinceMs: 0, leaf: 0, why: bad } },
  };
  const text = reportOf(changes[place] ?? {});
  expect(text).not.toMatch(/<script|<img/);
  expect(text).toContain('&lt;script&gt;');
  expect(unbalanced(text)).toEqual([]);
});

test('each table has a caption and heads with scope, each picture says what it shows, each section its heading', () => {
  const text = reportOf();
  const tables = text.match(/<table>/g)?.length ?? 0;
  expect(tables).toBeGreaterThan(8);
  expect(text.match(/<table><caption>[^<]+<\/caption><thead><tr><th scope="col"/g)).toHaveLength(tables);
  expect(text.match(/<svg /g)).toHaveLength(3);
  expect(text.match(/<svg [^>]*role="img" aria-label="[^"]{20,}"/g)).toHaveLength(3);
  for (const [, id] of text.matchAll(/aria-labelledby="([a-z]+)"/g)) expect(text).toContain(`<h2 id="${id}">`);
  expect(text.match(/<h1>/g)).toHaveLength(1);
});

test('the first page says how many, which data, when, how sure, what not, and where the evidence ends', () => {
  const [page = ''] = reportOf().split('What happened, and when');
  for (const said of [`<strong>${INPUT.report.subjects.length}</strong>`, 'personal: email', 'health: diagnosis', 'How sure', 'Not touched: 812 of', '1 gap in the evidence', "in others' hands from", 'GDPR Art. 33', 'HIPAA', '72 hours', 'is for counsel to say']) expect(page).toContain(said);
});

test('a long timeline is cut and says where the rest is', () => {
  expect(reportOf()).toContain('30 more in timeline.ndjson');
});

test('a scope of nothing is a report, too', () => {
  const text = reportOf(NOTHING);
  expect(text).toContain('holds no deed of what was asked for');
  expect(text).not.toContain('NaN');
  expect(text).not.toContain('Infinity');
  expect(text).not.toContain('undefined');
  expect(unbalanced(text)).toEqual([]);
});

test('links that lead in a circle, and hundreds of them, are drawn within bounds', () => {
  const [first] = INPUT.report.links;
  if (first === undefined) throw new Error('the breach has links');
  const entity = (i: number): { readonly kind: 'session'; readonly value: string } => ({ kind: 'session', value: `s${i}` });
  const links = Array.from({ length: 500 }, (_, i) => ({ ...first, from: i === 0 ? undefined : entity(Math.floor(i / 3)), to: entity(i) }));
  const text = reportOf({ links: [...links, { ...first, from: entity(499), to: entity(0) }, { ...first, from: entity(7_000), to: entity(7_001) }] });
  expect(text).toMatch(/\(\d+ more in the table\)/);
  expect(text.match(/<g><title>/g)?.length).toBeLessThanOrEqual(80);
  expect(text).toContain('more in links.ndjson');
});

test.each([
  ['DE', 'pii.email', ['GDPR Art. 33 and 34']],
  ['GB', 'pii.email', ['UK GDPR Art. 33 and 34']],
  ['US', 'pii.email', ['laws of the states']],
  ['US', 'phi.diagnosis', ['HIPAA, 45 CFR 164.404-408', 'FTC, 16 CFR 318', 'laws of the states']],
  ['', 'pci.pan', ['GDPR Art. 33 and 34', 'rules of the card brands']],
  ['XX', 'pii.email', []],
])('the clocks of %s and %s', (jurisdiction, name, rules) => {
  const [subject] = INPUT.report.subjects;
  if (subject === undefined) throw new Error('the breach has persons');
  expect(clocksOf({ subjects: [{ ...subject, jurisdiction }], classes: [{ name, deeds: 1, subjects: 1, records: 1 }] }).map(({ rule }) => rule)).toEqual(rules);
});
