import type { ClickHouseClient } from '@clickhouse/client';
import { rowsOf } from '../store-reader.ts';
import type { DemoDay } from './day.ts';
import type { Story } from './stories.ts';

interface MatchRow {
  readonly site: string;
  readonly second: number;
  readonly class: string;
  readonly level: string;
}

const LOUD = new Set(['medium', 'high', 'critical']);

/** What became of one planted story. */
export interface StoryResult {
  readonly story: Story;
  readonly ok: boolean;
}

/** A story's matches: those of its site in the seconds of its lines (access logs know no finer time). */
function matchesOf(story: Story, bySecond: ReadonlyMap<string, readonly MatchRow[]>): readonly MatchRow[] {
  return story.lines.flatMap((line) => bySecond.get(`${story.site} ${Math.floor(line.at / 1000)}`) ?? []);
}

/** Holds the stored matches against the truth of the day. */
export async function judgeStories(client: ClickHouseClient, day: DemoDay): Promise<readonly StoryResult[]> {
  const rows = await rowsOf<MatchRow>(client, 'SELECT site, toUnixTimestamp(timestamp) AS second, class, level FROM tourniquet.matches');
  const bySecond = Map.groupBy(rows, (r) => `${r.site} ${r.second}`);
  return day.stories.map((story) => {
    const found = matchesOf(story, bySecond);
    const { finds } = story;
    return { story, ok: finds === undefined ? !found.some((m) => LOUD.has(m.level)) : found.some((m) => m.class.startsWith(finds)) };
  });
}
