import { judgeStories } from '../scenarios/judge.ts';
import type { StoryResult, Verdict } from '../scenarios/judge.ts';
import { scenarioEngine } from '../scenarios/scenario-engine.ts';
import { STORIES } from '../scenarios/stories.ts';
import type { ClassTally, Figure, Section } from './section.ts';

const DAYS = 7;
const VIEWS = 1_000;
const MOST_NAMED = 6;

/** What an analyst reads of alerts that nobody needed: rules and how often. */
function named(rules: readonly string[]): string {
  const counts = [...Map.groupBy(rules, (rule) => rule)].toSorted(([, a], [, b]) => b.length - a.length);
  return counts.slice(0, MOST_NAMED).map(([rule, all]) => `${rule} ${all.length}`).join(', ');
}

/** Positives are the story's items and that it raised an alert at all; the one negative is its look-alike. */
function storyTally({ story, missed, alerts, events, subjects, named: reached, lookAlikeAlerts }: StoryResult): ClassTally {
  const positives = story.items.length + 1;
  const about = [
    `${events.length} events, ${reached} of ${subjects.length} persons`, `by ${alerts.length === 0 ? 'no rule' : alerts.slice(0, MOST_NAMED).join(', ')}`,
    ...(missed.length === 0 ? [] : [`missed: ${missed.join(', ')}`]), ...(lookAlikeAlerts.length === 0 ? [] : [`look-alike told by ${named(lookAlikeAlerts.map(({ rule }) => rule))}`]),
  ];
  return { name: story.name, positives, found: positives - missed.length, negatives: 1, falseFound: Math.min(1, lookAlikeAlerts.length), aim: { precision: 1, recall: 1 }, note: about.join('; ') };
}

function figures({ stories, falseAlerts, siteDays, backgroundEvents, events, cpuSeconds }: Verdict): readonly Figure[] {
  const whole = stories.filter(({ missed }) => missed.length === 0).length / stories.length;
  const persons = stories.reduce((sum, { subjects }) => sum + subjects.length, 0);
  const reached = stories.reduce((sum, one) => sum + one.named, 0);
  const alerted = stories.filter(({ lookAlikeAlerts }) => lookAlikeAlerts.length > 0).length;
  return [
    { name: 'stories found whole', value: whole, unit: 'share', floor: { least: 0.95 }, aim: { least: 1 }, note: `${stories.length} stories` },
    { name: 'persons read whom findings lead to', value: reached / persons, unit: 'share', floor: { least: 0.9 }, note: `${persons.toLocaleString('en-US')} persons` },
    { name: 'look-alikes that raised an alert', value: alerted, unit: 'stories', floor: { most: 2 }, aim: { most: 0 } },
    {
      name: 'false alerts of background', value: falseAlerts.length / siteDays, unit: 'a site-day', floor: { most: 0.5 }, aim: { most: 0.2 },
      note: `${siteDays} site-days of ${Math.round(backgroundEvents / siteDays)} events${falseAlerts.length === 0 ? '' : `: ${named(falseAlerts.map(({ rule }) => rule))}`}`,
    },
    { name: 'events past the engine', value: events / cpuSeconds, unit: 'a CPU-second', note: 'masked, judged and correlated as live' },
  ];
}

export const scenarios: Section = {
  name: 'scenarios',
  title: 'attack stories over days of five kinds of site',
  async run(seed) {
    const verdict = judgeStories(await scenarioEngine(), STORIES, { seed, views: VIEWS, days: DAYS });
    return { classes: verdict.stories.map(storyTally), figures: figures(verdict) };
  },
};
