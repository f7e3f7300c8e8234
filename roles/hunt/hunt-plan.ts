import type { EventTimes, LeafRange } from '../../storage/query/stored-events.ts';

/** What a hunt is to do, fixed when it starts: a hunt that goes on later does the same, whatever was stored meanwhile. */
export interface HuntPlan {
  readonly format: 1;
  /** Version of the rule set. */
  readonly rules: string;
  /** As the person asked; an empty site is all. */
  readonly asked: HuntQuestion;
  readonly startedAtMs: number;
  /** Results of these event times are told. */
  readonly times: EventTimes;
  /** Without correlations only events of `times` are read; with them whatever their windows can depend on. */
  readonly correlates: boolean;
  /** Ranges in order of site and leaf; a task may hold several. */
  readonly tasks: readonly (readonly LeafRange[])[];
}

export interface HuntQuestion {
  readonly from: string;
  readonly to: string;
  readonly site: string;
}

/** Leaves of one task: some seconds of work, some ten megabytes of lines. */
export const LEAVES_PER_TASK = 20_000;

/** Cuts ranges into tasks of at most so many leaves. Keeps their order. */
export function tasksOf(ranges: readonly LeafRange[], leavesPerTask: number = LEAVES_PER_TASK): readonly (readonly LeafRange[])[] {
  const tasks: LeafRange[][] = [];
  let task: LeafRange[] = [];
  let room = leavesPerTask;
  for (const { site, first, last } of ranges) {
    for (let from = first; from <= last; ) {
      const to = Math.min(last, from + room - 1);
      if (task.length === 0) tasks.push(task);
      task.push({ site, first: from, last: to });
      room -= to - from + 1;
      from = to + 1;
      if (room > 0) continue;
      task = [];
      room = leavesPerTask;
    }
  }
  return tasks;
}
