import { expect, test } from 'vitest';
import { deriveActOf } from '../../detect/acts/v1/act.ts';
import { trailActors, trailBlocks, trailSubject } from './trail-events.ts';
import type { TrailLoad } from './trail-events.ts';

const LOAD: TrailLoad = { seed: 7, site: 'shop', events: 40_000, fromMs: Date.UTC(2026, 9, 1), toMs: Date.UTC(2026, 9, 31), linesPerBlock: 500 };
const blocks = [...trailBlocks(LOAD)];

test('equal loads give equal blocks, received one after the other within the period', () => {
  expect([...trailBlocks(LOAD)]).toEqual(blocks);
  const times = blocks.map(({ receivedAtMs }) => receivedAtMs);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect((times[0] ?? 0) > LOAD.fromMs && times.at(-1) === LOAD.toMs).toBe(true);
});

test('six of ten events are plain lines, the others deeds; each block holds the lines it says', () => {
  const events = (provenance: string): number => blocks.filter((block) => block.provenance === provenance).reduce((sum, { lines }) => sum + lines, 0);
  expect([events('gateway'), events('plugin')]).toEqual([24_000, 16_000]);
  for (const { body, lines } of blocks) expect(body.toString().split('\n')).toHaveLength(lines + 1);
});

test('every audit event is a deed; the persons are those of the site; the breach has one session and address', () => {
  const known = new Set(Array.from({ length: 1_000 }, (_, n) => trailSubject(LOAD, n)));
  expect(known.size).toBe(1_000);
  const deeds = blocks.filter(({ provenance }) => provenance === 'plugin').flatMap(({ body }) => body.toString().trimEnd().split('\n').map((line) => deriveActOf(line, 'plugin')));
  const subjects = new Set(deeds.flatMap((deed) => deed?.subjects.map(({ subject }) => subject) ?? []));
  expect([...subjects].filter((subject) => !known.has(subject))).toEqual([]);
  const breach = deeds.filter((deed) => deed?.act.actor === trailActors(LOAD).at(-1));
  expect(breach).toHaveLength(40);
  expect(new Set(breach.map((deed) => `${deed?.act.session} ${deed?.act.address}`)).size).toBe(1);
  expect(new Set(deeds.map((deed) => deed?.act.how))).toEqual(new Set(['', 'view', 'list', 'api', 'export', 'change', 'outbound', 'ai', 'mail']));
});
