import { cleanTraffic as cleanEvents, falseMatches } from '../scenarios/clean/clean-traffic.ts';
import { recordedEvents } from '../scenarios/clean/recorded.ts';
import { scenarioEngine } from '../scenarios/scenario-engine.ts';
import type { Figure, Section } from './section.ts';

const DAYS = 4;
const MIXED = 170_000;
const UNIT = 100_000;

export const cleanTraffic: Section = {
  name: 'clean-traffic',
  title: 'traffic of WordPress and WooCommerce without an attack, matches of level medium and above',
  async run(seed) {
    const recorded = recordedEvents();
    if (recorded === undefined) return undefined;
    const engine = await scenarioEngine();
    const own = falseMatches(engine, recorded.map((one) => ({ ...one, source: 'recorded' })));
    const { events, falseMatches: found } = falseMatches(engine, cleanEvents(seed, DAYS, MIXED));
    const byRule = [...Map.groupBy(found, ({ rule, source }) => `${rule} in ${source}`)].toSorted(([, a], [, b]) => b.length - a.length);
    const figures: readonly Figure[] = [
      { name: 'recorded requests', value: own.falseMatches.length, unit: 'matches', floor: { most: 0 }, aim: { most: 0 }, note: own.falseMatches.map(({ rule }) => rule).join(', ') },
      { name: 'false matches', value: (found.length / events) * UNIT, unit: 'of 100,000 events', floor: { most: 5 }, aim: { most: 1 }, note: `${events.toLocaleString('en-US')} events` },
      ...byRule.map(([name, all]): Figure => ({ name, value: all.length, unit: 'matches' })),
    ];
    return { classes: [], figures };
  },
};
