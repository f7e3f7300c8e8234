import { describe, expect, test } from 'vitest';
import { corpusFiles, corpusRows } from '../../../contracts/reference-data.ts';
import { seededRandom } from '../../../contracts/seeded-random.ts';
import type { Random } from '../../../contracts/seeded-random.ts';
import { loadNative } from '../../native/binding.ts';
import { viewsOf } from '../../views/views.ts';
import type { EventObject } from '../event/field-value.ts';
import { considered } from '../event/routing.ts';
import { readRules } from '../language/read-rules.ts';
import { loadMappings } from '../mappings/load-mappings.ts';
import { shippedMappings } from '../mappings/shipped-mappings.ts';
import { matches } from '../naive/matches.ts';
import { lineHits } from './line-hits.ts';
import { createPlan } from './plan.ts';

const SEED = Number(process.env['SEED'] ?? 20261121);
const FOLDERS = ['sigma/rules', 'sigma/rules-emerging-threats'];
const EVENTS = 160;

const files = FOLDERS.flatMap((folder) => corpusFiles(folder, '.yml') ?? []);
const cases = corpusRows('sigma/regression/cases.ndjson') as readonly { readonly rule_id: string; readonly match: boolean; readonly fields: EventObject }[] | undefined;

/** What an access log holds of attacks, under W3C's names and ECS's. */
const QUERIES = ['id=1 UNION SELECT user_pass FROM wp_users', 's=%3Cscript%3Ealert(document.cookie)%3C/script%3E', 'file=../../../../etc/passwd', 'cmd=powershell -enc aQBlAHgA', 'x=${jndi:ldap://a.example/x}', 'q=a'];

function webEvent(random: Random): EventObject {
  const query = random.pick(QUERIES);
  return random.chance(0.5)
    ? { 'cs-method': 'GET', 'cs-uri-stem': '/index.php', 'cs-uri-query': query, 'c-uri': `/index.php?${query}`, 'cs-user-agent': random.pick(['sqlmap/1.7', 'curl/8.5', '']), 'sc-status': random.pick([200, 404]), 'r-dns': 'pastebin.com' }
    : { event: { category: ['http'], dataset: 'nginx.access' }, http: { request: { method: 'GET' }, response: { status_code: 200 } }, url: { path: '/cgi-bin/test.cgi', query, domain: 'shop.example' }, user_agent: { original: 'Nikto/2.5' } };
}

/** Another event near to it: letter case, lists, texts put together, fields left out or swapped. */
function mutated(random: Random, event: EventObject): EventObject {
  const entries = Object.entries(event);
  const values = entries.map(([, value]) => value);
  return Object.fromEntries(entries.flatMap(([key, value]): readonly (readonly [string, unknown])[] => {
    switch (random.below(16)) {
      case 0: return [];
      case 1: return [[key, typeof value === 'string' ? value.toUpperCase() : value]];
      case 2: return [[key, [value, random.pick(values)]]];
      case 3: return [[key, `${String(value)}${String(random.pick(values))}`]];
      case 4: return [[key, random.pick(values)]];
      case 5: return [[key, typeof value === 'string' ? value.replaceAll('\\', '/') : [null, value]]];
      default: return [[key, value]];
    }
  }));
}

function eventsOf(random: Random): readonly EventObject[] {
  const recorded = (cases ?? []).map((row) => row.fields);
  return Array.from({ length: EVENTS }, () => (random.chance(0.4) ? webEvent(random) : random.pick(recorded))).map((event) => (random.chance(0.7) ? mutated(random, event) : event));
}

describe.skipIf(files.length === 0 || cases === undefined)('a plan of all rules of the corpus', async () => { // The corpora are absent on a user's machine; in CI that is an error.
  const { rules: { detections: rules } } = readRules(files, { placeholders: { known_cdcs: ['dc1.example'] } });
  const { mappings } = loadMappings(shippedMappings());
  const plan = createPlan(rules, { mappings, viewsOf });
  const hitsOf = lineHits(await loadNative(), plan).find;
  const surroundings = { mappings, views: (text: string) => viewsOf(text).map((view) => view.text) };

  test('holds every rule, each with a trigger but those that say only what must not be', () => {
    expect(rules).toHaveLength(files.length);
    expect(plan.rules).toBe(rules);
    expect(plan.triggers.always.map((rule) => rules[rule]?.place.file)).toStrictEqual(['sigma/rules/network/zeek/zeek_rdp_public_listener.yml']);
    const { starts } = plan.triggers.atomsOfRule;
    const without = rules.filter((_, i) => starts[i] === starts[i + 1]);
    expect(without).toHaveLength(1);
  });

  test('looks for few texts shorter than four bytes', () => {
    expect(plan.triggers.atoms.filter((atom) => atom.text !== '' && atom.text.length < 4).length).toBeLessThan(20);
  });

  test('finds every recorded event', () => {
    const ids = new Set(rules.map((rule) => rule.id));
    const found = (cases ?? []).filter((row) => row.match && ids.has(row.rule_id));
    expect(found.length).toBeGreaterThan(200);
    const hits = hitsOf(found.map((row) => JSON.stringify(row.fields)));
    const evaluator = plan.evaluator();
    const missed = found.filter(({ fields, rule_id }, i) => !evaluator.match(fields, hits[i], 'any').some((match) => match.rule.id === rule_id));
    expect(missed.map((row) => row.rule_id)).toStrictEqual([]);
  });

  test(`says what the definition says of events near to recorded ones (seed ${SEED})`, () => {
    const events = eventsOf(seededRandom(SEED));
    const hits = hitsOf(events.map((event) => JSON.stringify(event)));
    const evaluator = plan.evaluator();
    let matched = 0;
    for (const [i, event] of events.entries()) {
      const served = i % 2 === 0 ? 'any' : mappings.served(event);
      const naive = rules.filter((rule) => considered(served, rule.logsource, false) && matches(rule, event, surroundings)).map((rule) => rule.id);
      const planned = evaluator.match(event, hits[i], served).map((match) => match.rule.id);
      expect(planned, JSON.stringify(event)).toStrictEqual(served === undefined ? naive.filter((id) => !EMPTY_MATCHES.has(id)) : naive);
      matched += naive.length;
    }
    expect(matched).toBeGreaterThan(EVENTS);
    const counts = evaluator.counts();
    expect(counts.considered).toBe(events.length * rules.length);
    expect(counts.evaluated + counts.skippedByTrigger + counts.skippedByLogsource).toBe(counts.considered);
  });

  /** Rules that match an event that holds nothing. */
  const EMPTY_MATCHES = new Set(rules.filter((rule) => matches(rule, {}, surroundings)).map((rule) => rule.id));
});
