import { expect, test } from 'vitest';
import { engineOf } from '../engine-fixture.ts';
import { SHIPPED_SIGMA } from '../rule-set/read-sources.ts';
import { hitsOf } from '../scanner.ts';
import { ruleFilesOf } from '../sigma/language/rule-files.ts';
import { readTestsBeside } from './tests-beside.ts';

const engine = await engineOf({ sigma: [SHIPPED_SIGMA] });
const { tests } = readTestsBeside(ruleFilesOf([SHIPPED_SIGMA]).files);

test('no shipped rule has to look at every event', () => {
  expect(engine.everyLine).toBe(false);
});

test('the engine matches in the events of tests what the tests say, by the texts it finds in their lines', () => {
  const detections = tests.filter(({ expected }) => expected.kind === 'matches');
  const wrong = detections.flatMap(({ title, rule: named, place, events, expected }) => {
    const rule = engine.detections.find((one) => (named === undefined ? one.place.file.split('/').at(-1) === place.file.split('/').at(-1)?.replace('.test.yml', '.yml') : one.name === named));
    const verdicts = events.map(({ event: { scan, ...event } }) => engine.judge({ ...event, ...(scan === undefined ? {} : { scan }) }, hitsOf(engine.scanner, JSON.stringify(event))).matches.some((match) => match.rule === rule));
    return rule !== undefined && verdicts.every((verdict) => verdict === (expected.kind === 'matches' && expected.matches)) ? [] : [`${place.file}: ${title}`];
  });
  expect(detections.length).toBeGreaterThan(80);
  expect(wrong).toEqual([]);
});
