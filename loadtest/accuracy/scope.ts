import { judgeInMemory } from '../breaches/judge-scope.ts';
import type { Judged } from '../breaches/judge-scope.ts';
import { BREACHES } from '../breaches/stories.ts';
import { withOneProgram, worldOf } from '../breaches/world.ts';
import type { ClassTally, Figure, Section } from './section.ts';

/** Worlds of each story. */
const WORLDS = 3;

/** Positives are persons the breach touched, negatives everybody else its site's events name. */
function storyTally(name: string, judged: readonly Judged[]): ClassTally {
  const sum = (of: (one: Judged) => number): number => judged.reduce((total, one) => total + of(one), 0);
  const known = (one: Judged): number => new Set(one.world.arrived.flatMap(({ source }) => source.reads)).size;
  const seeds = [...new Set(judged.map(({ ask }) => ask.seed.kind))].join(', ');
  return {
    name, positives: sum(({ truth }) => truth.size), found: sum(({ found }) => found), negatives: sum((one) => Math.max(0, known(one) - one.truth.size)), falseFound: sum(({ wrong }) => wrong.length),
    floor: { recall: 1, precision: 0.99 }, aim: { recall: 1, precision: 1 }, note: `${judged.length} questions by ${seeds}`,
  };
}

export const scope: Section = {
  name: 'scope',
  title: 'persons a breach touched, out of days of a site with look-alikes, another breach, and events late and out of order',
  async run(seed) {
    const classes: ClassTally[] = [];
    const all: Judged[] = [];
    const sameProgram: Judged[] = [];
    for (const story of BREACHES) {
      const judged: Judged[] = [];
      for (let i = 0; i < WORLDS; i++) {
        const world = worldOf(story, seed + i);
        for (const ask of world.asks) judged.push(await judgeInMemory(world, ask));
      }
      const same = withOneProgram(worldOf(story, seed));
      for (const ask of same.asks) sameProgram.push(await judgeInMemory(same, ask));
      classes.push(storyTally(story.name, judged));
      all.push(...judged);
    }
    return { classes, figures: figuresOf(all, sameProgram) };
  },
};

function figuresOf(judged: readonly Judged[], sameProgram: readonly Judged[]): readonly Figure[] {
  const exact = judged.filter(({ truth, found, wrong }) => found === truth.size && wrong.length === 0).length;
  const sum = (of: (one: Judged) => number): number => sameProgram.reduce((total, one) => total + of(one), 0);
  const [touched, found, wrong] = [sum(({ truth }) => truth.size), sum((one) => one.found), sum((one) => one.wrong.length)];
  return [
    { name: 'questions answered exactly', value: exact / judged.length, unit: 'share', floor: { least: 0.95 }, aim: { least: 1 }, note: `${judged.length} questions about ${new Set(judged.map(({ world }) => world)).size} breaches` },
    { name: 'recall, one program for all', value: found / touched, unit: 'share', floor: { least: 0.99 }, aim: { least: 1 }, note: 'everybody, the intruder too, uses the same browser' },
    { name: 'precision, one program for all', value: found / (found + wrong), unit: 'share', floor: { least: 0.99 }, aim: { least: 0.99 } },
  ];
}
