import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { corpusRows } from '../../contracts/reference-data.ts';
import { rulesOf } from '../mask/exact-match.ts';
import { loadPack } from '../pack/load.ts';
import { SHIPPED_SIGMA } from '../rule-set/read-sources.ts';
import { withScan } from '../scan-fields.ts';
import { printProblems } from '../sigma/language/print-problems.ts';
import { readRules } from '../sigma/language/read-rules.ts';
import { ruleFilesOf } from '../sigma/language/rule-files.ts';
import { matches } from '../sigma/naive/matches.ts';
import { createPlan } from '../sigma/plan/plan.ts';
import { viewsOf } from '../views/views.ts';
import { adviceOn, matchesOf } from './advice.ts';
import { tacticsOf, techniquesOf } from './attack.ts';
import { CATALOGUE, groupsOfClass, groupsOfTags } from './catalogue.ts';
import { consider } from './consideration.ts';
import { controlsOfTags, FRAMEWORKS } from './controls.ts';
import { coverageOf } from './coverage.ts';
import { shortName } from './rule-named.ts';
import { runRuleTests, untestedRules } from './rule-tests.ts';
import { shippedSurroundings } from './rules-fixture.ts';
import { seenIn } from './seen-in.ts';
import { exampleFailures } from './signature-examples.ts';
import { readTestsBeside } from './tests-beside.ts';
import { triggerAdvice } from './trigger-advice.ts';

const found = ruleFilesOf([SHIPPED_SIGMA]);
const read = readRules(found.files);
const { rules } = read;
const all = [...rules.detections, ...rules.correlations];
const surroundings = shippedSurroundings();
const { signatures } = await loadPack();
const beside = readTestsBeside(found.files);

describe('the shipped rules', () => {
  test('load', () => {
    expect(printProblems([...found.problems, ...read.problems, ...beside.problems], [...found.files, ...beside.files])).toBe('');
    expect(all.length).toBeGreaterThan(50);
  });

  const results = runRuleTests(rules, beside.tests, surroundings);

  test.each(results.map((result) => [result.rule?.name ?? result.test.place.file, result.test.title, result] as const))('%s: %s', (_rule, _title, { passed, because }) => {
    expect(passed ? '' : because).toBe('');
  });

  test('each have a test that must match and one that must not', () => {
    expect(untestedRules(rules, results).map(({ rule, lacks }) => `${shortName(rule)} lacks ${lacks.join(', ')}`)).toEqual([]);
  });

  test('have a rule for each group of the catalogue, and signatures of every class a group', () => {
    const { gaps, ungrouped } = coverageOf(rules, signatures);
    expect([gaps, ungrouped]).toEqual([[], []]);
    expect([...new Set(signatures.map((signature) => signature.class))].filter((dataClass) => groupsOfClass(dataClass).length === 0)).toEqual([]);
  });

  test('stand in the folder of a group they name, under their own name', () => {
    for (const rule of all) {
      expect(groupsOfTags(rule.tags).map(({ id }) => id), shortName(rule)).toContain(rule.place.file.split('/').at(-2));
      expect(rule.name, rule.place.file).toMatch(/^[a-z0-9_]{4,60}$/);
      expect(rule.id, rule.place.file).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  test('say which tactic of ATT&CK they serve, and which technique', () => {
    const silent = all.filter((rule) => rule.standalone && rule.level !== 'informational' && (tacticsOf(rule.tags).length === 0 || techniquesOf(rule.tags).length === 0));
    expect(silent.map(shortName)).toEqual([]);
  });

  test('find every item of the catalogue, by rules that raise matches of their own and are of its group', () => {
    const lacking = CATALOGUE.flatMap((group) => group.items.flatMap((item) => {
      const finding = item.rules.filter((name) => all.some((rule) => rule.name === name && rule.standalone && groupsOfTags(rule.tags).includes(group)));
      const wrong = item.rules.filter((name) => !finding.includes(name)).map((name) => `${group.id}.${item.id}: no rule ${name}`);
      return finding.length + (item.builtIn ?? []).length === 0 ? [...wrong, `${group.id}.${item.id} has no rule`] : wrong;
    }));
    expect(lacking).toEqual([]);
  });

  test('that raise alerts find something the catalogue names', () => {
    const named = CATALOGUE.flatMap(({ items }) => items.flatMap((item) => item.rules));
    const loud = all.filter((rule) => rule.standalone && (rule.level === 'high' || rule.level === 'critical'));
    expect(loud.map(shortName).filter((name) => !named.includes(name))).toEqual([]);
  });

  test('name controls of at least three frameworks, and what is likely to be harmless', () => {
    const telling = all.filter((rule) => rule.standalone && rule.level !== 'informational');
    const frameworksOf = (tags: readonly string[]): number => FRAMEWORKS.filter(({ id }) => controlsOfTags(tags).some((tag) => tag.startsWith(`${id}.`))).length;
    expect(telling.filter((rule) => frameworksOf(rule.tags) < 3).map(shortName)).toEqual([]);
    expect(telling.filter((rule) => rule.falsePositives.length === 0).map(shortName)).toEqual([]);
  });

  test('say what it means and what to do first, where somebody is to look', () => {
    const documents = found.files.flatMap(({ text }) => parseAllDocuments(text).map((document): unknown => document.toJS()));
    // Documents of rules that load have these.
    const brief = (documents as readonly { readonly name: string; readonly level: string; readonly description: string }[])
      .filter(({ level, description }) => ['medium', 'high', 'critical'].includes(level) && description.split(/[.:;?](?:\s|$)/).filter((part) => part.trim() !== '').length < 2);
    expect(brief.map(({ name }) => name)).toEqual([]);
  });

  test('leave nothing to advise', () => {
    const advice = [...adviceOn(rules, found.files, surroundings.mappings), ...triggerAdvice(createPlan(rules.detections, { mappings: surroundings.mappings, viewsOf }))];
    expect(printProblems(advice, found.files)).toBe('');
  });

  test('ask of signatures what some signature gives, or what a site registers itself', () => {
    const asked = rules.detections.flatMap((rule) => matchesOf(rule.condition).flatMap(({ field, test: { kind, ...rest } }) => {
      const first = kind === 'text' && 'parts' in rest ? rest.parts[0] : undefined;
      return typeof first === 'string' ? [[field, first] as const] : [];
    }));
    const unknownRules = asked.filter(([field, text]) => field === 'scan.rule' && !signatures.some(({ id }) => id === text));
    const unknownClasses = asked.filter(([field, text]) => field === 'scan.class' && !signatures.some((signature) => signature.class.startsWith(text)));
    expect(unknownRules).toEqual([]);
    expect([...new Set(unknownClasses.map(([, text]) => text))].toSorted()).toEqual(['canary.', 'canary.order', 'ip.']);
  });

  test.each([
    ['web_injection_answered', { url: { path: '/wp-admin/admin-ajax.php', query: 'day=1%27%20UNION%20SELECT%20user_login,user_pass%20FROM%20wp_users--%20-' }, http: { response: { status_code: 200, body: { bytes: 18_220 } } } }],
    ['web_shell_answered', { url: { path: '/wp-content/uploads/2026/11/shell.php', query: 'cmd=id' }, http: { request: { method: 'GET' }, response: { status_code: 200, body: { bytes: 40 } } } }],
    ['author_number_requested', { url: { path: '/', query: 'author=3' } }],
    ['web_attack_seen', { url: { path: '/', query: "id=1' OR '1'='1" }, source: { ip: '203.0.113.7' } }],
  ])('%s matches what signatures find in a real event', (name, fields) => {
    const event = { event: { category: 'http', dataset: 'nginx.access' }, ...fields };
    const rule = rules.detections.find((one) => one.name === name);
    const seen = withScan(event, seenIn(JSON.stringify(event), rulesOf(signatures)));
    expect(rule !== undefined && consider(rule, seen, undefined, surroundings).considered && matches(rule, seen, surroundings)).toBe(true);
  });

  test('are silent on recorded clean shop traffic', () => {
    const rows = corpusRows('woocommerce/requests.ndjson');
    if (rows === undefined) return;
    const pack = rulesOf(signatures);
    const loud = rows.flatMap((row) => {
      // A row of the corpus as its README describes it.
      const { method, uri, status, headers, body } = row as { method: string; uri: string; status: number; headers: Record<string, string>; body: string };
      const [path, query] = uri.split('?');
      const event = {
        event: { kind: 'event', category: 'http', action: 'http_request', dataset: 'apache.access' }, source: { ip: '198.51.100.7' }, url: { path, query },
        http: { request: { method }, response: { status_code: status, body: { bytes: body.length + 5_000 } } }, user_agent: { original: headers['user-agent'] },
      };
      const seen = withScan(event, seenIn(JSON.stringify(event), pack));
      const hit = rules.detections.filter((rule) => rule.standalone && consider(rule, seen, undefined, surroundings).considered && matches(rule, seen, surroundings));
      return hit.map((rule) => `${shortName(rule)} ${uri}`);
    });
    // A logged-in person's own work in the recording: the list of users, read by an administrator.
    expect(loud.filter((line) => !line.startsWith('rest_users_answered /wp-json/wp/v2/users'))).toEqual([]);
  });
});

test('the page for rule authors names every act, and every field of ours, that shipped rules ask for', () => {
  const page = readFileSync(new URL('../../docs/rules.md', import.meta.url), 'utf8');
  const asked = rules.detections.flatMap((rule) => matchesOf(rule.condition));
  const acts = asked.flatMap(({ field, test: one }) => (field === 'event.action' && one.kind === 'text' ? one.parts : [])).filter((act) => typeof act === 'string' && !act.endsWith('-'));
  const fields = asked.flatMap(({ field }) => field ?? []).filter((field) => /^(?:wordpress|woocommerce)\./.test(field));
  expect([...new Set([...acts, ...fields])].filter((name) => !page.includes(`\`${String(name)}\``))).toEqual([]);
});

test('the shipped signatures hold their examples', () => {
  expect(exampleFailures(signatures)).toEqual([]);
});
