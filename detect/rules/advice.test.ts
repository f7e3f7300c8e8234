import { describe, expect, test } from 'vitest';
import { createPlan } from '../sigma/plan/plan.ts';
import { viewsOf } from '../views/views.ts';
import { adviceOn } from './advice.ts';
import { rulesOfText, shippedSurroundings } from './rules-fixture.ts';
import { triggerAdvice } from './trigger-advice.ts';

const { mappings } = shippedSurroundings();
const WHOLE = 'id: 1f0e1a52-0000-4000-8000-000000000001\nlevel: low\ndescription: D\nfalsepositives: [None known]\ntags: [tourniquet.money]\n';

function advice(text: string): readonly string[] {
  const rules = rulesOfText(text);
  return adviceOn(rules, [{ file: 'x.yml', text }], mappings).map(({ place, message, hint }) => `${place.line}:${place.column} ${message}${hint === undefined ? '' : ` (${hint})`}`);
}

function webRule(detection: string, head = WHOLE): string {
  return `title: T\n${head}logsource: { category: webserver }\ndetection:\n  a: { ${detection} }\n  condition: a\n`;
}

describe('advice', () => {
  test('has nothing to say of a whole rule', () => {
    expect(advice(webRule('url.path|endswith: .sql, cs-uri-query: x, labels.own: y, scan.class: z, wordpress.anything: w, wordpress.form.email|exists: true, ai.prompt: null'))).toEqual([]);
  });

  test.each([
    ['missing attributes', webRule('url.path: x', ''), '1:1 the rule says nothing about id, level, description, falsepositives, tags'],
    ['a group that is none', webRule('url.path: x', WHOLE.replace('money', 'mony')), '1:1 `tourniquet.mony` names no group of the threat catalogue (did you mean `tourniquet.money`?)'],
    ['a control that is none', webRule('url.path: x', WHOLE.replace('money]', 'money, pci-dss.10.2.1.66]')), '1:1 `pci-dss.10.2.1.66` names no control that is known of this framework (did you mean `pci-dss.10.2.1.6`?)'],
    ['a field ECS does not have', webRule('url.pth: x'), '9:8 `url.pth` is no field of the Elastic Common Schema (did you mean `url.path`?)'],
    ['a field signatures do not put', webRule('scan.classes: x'), '9:8 signatures put no `scan.classes` on an event (one of scan.rule, scan.class, scan.level, scan.field, scan.view)'],
    ['a field no mapping knows', webRule('cs-uri-quary: x'), '9:8 no mapping for webserver knows `cs-uri-quary`: only events that carry the name itself can match (see the names in detect/sigma/mappings/web.yml, or name the field in ECS)'],
    ['a field of which a summary is kept', webRule('http.request.body.content|contains: secret'), '9:8 only length, classes and shingles are kept of `http.request.body.content`: no text in it can match (ask for what signatures found in it: `scan.class`, with `scan.field`)'],
    ['a field of which nothing is kept', webRule('http.request.headers.cookie|contains: secret'), '9:8 nothing is kept of `http.request.headers.cookie`: no text in it can match (ask for what signatures found in it: `scan.class`, with `scan.field`)'],
    ['a text that is everywhere', webRule("url.path|contains: '..'"), "9:8 `url.path|contains: '..'` looks anywhere for fewer than 3 characters: much will match (a longer text, startswith or endswith)"],
  ])('speaks of %s', (_what, text, said) => {
    expect(advice(text).map((line) => line.replace(/^9:\d+/, '9:8'))).toEqual([said]);
  });

  test('does not ask each document of a collection for what the first says', () => {
    expect(advice(`action: global\ntitle: T\n${WHOLE.replace(/^id.*\n/, '')}logsource: { category: webserver }\n---\nid: 1f0e1a52-0000-4000-8000-000000000002\ndetection: { a: { url.path: x }, condition: a }\n`)).toEqual([]);
  });
});

describe('advice on triggers', () => {
  function triggers(detection: string): readonly string[] {
    return triggerAdvice(createPlan(rulesOfText(webRule(detection)).detections, { mappings, viewsOf })).map(({ message }) => message);
  }

  test('is silent on a rare text', () => {
    expect(triggers('url.path|endswith: /wp-content/debug.log')).toEqual([]);
  });

  test('speaks of a rule that only frequent texts trigger', () => {
    expect(triggers('http.request.method: GET')[0]).toMatch(/evaluated for \d+% of web events/);
  });

  test('speaks of a rule without any trigger', () => {
    expect(triggers('url.path: null')[0]).toContain('evaluated for every event');
  });
});
