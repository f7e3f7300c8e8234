import { setTimeout as sleep } from 'node:timers/promises';
import { problemsOf } from './expectation.ts';
import { rawValuesOf } from './people.ts';
import type { DottedEvent } from './spool-reader.ts';
import { spoolText } from './spool-reader.ts';
import type { Stage, UserAct } from './user-act.ts';

export interface ActResult {
  readonly act: UserAct;
  /** What was told of it. */
  readonly events: readonly DottedEvent[];
  /** Empty when all is well. */
  readonly problems: readonly string[];
}

/** What is told after the response may take a moment. */
const PATIENCE_MS = 60_000;
const QUIET_MS = 150;

/** The values of these that stand in a text, as they are or as addresses spell them. */
export function valuesIn(text: string, values: readonly string[]): readonly string[] {
  const lower = text.toLowerCase();
  return values.filter((v) => [v, encodeURIComponent(v), v.replaceAll(' ', '+'), JSON.stringify(v).slice(1, -1)].some((spelling) => lower.includes(spelling.toLowerCase())));
}

function keyOf(event: DottedEvent): string {
  return JSON.stringify(event);
}

/** PHP's complaints about our own files. */
function ownComplaints(phpLog: string): readonly string[] {
  return phpLog.split('\n').filter((line) => /PHP .*(?:plugins|mu-plugins)\/tourniquet\/|Tourniquet did not start/.test(line)).map((line) => line.slice(0, 400));
}

async function runOne(act: UserAct, stage: Stage, tokenKey: Uint8Array): Promise<ActResult> {
  await act.prepare?.(stage);
  // There an answer comes before what is told of it; the built-in server answers last.
  if (process.env['TEST_SITE_SERVER'] === 'fpm') await sleep(QUIET_MS);
  const before = new Set(stage.site.events().map(keyOf));
  const logged = stage.site.phpLog.length;
  const newEvents = (): readonly DottedEvent[] => stage.site.events().filter((e) => !before.has(keyOf(e)));
  await act.act(stage);
  if (act.silent !== undefined) await sleep(QUIET_MS);
  const until = performance.now() + PATIENCE_MS;
  let events = newEvents();
  let problems = problemsOf(act, stage, events, tokenKey);
  while (problems.length > 0 && act.expect !== undefined && performance.now() < until) {
    await sleep(50);
    events = newEvents();
    problems = problemsOf(act, stage, events, tokenKey);
  }
  const raw = valuesIn(events.map(keyOf).join('\n'), [...rawValuesOf(), ...(act.forbidden ?? [])]).map((v) => `in clear in the spool: ${v}`);
  const failed = events.filter((e) => e['event.action'] === 'observer-failed').map((e) => `an observer failed: ${String(e['error.type'])} ${String(e['error.code'])}`);
  await act.restore?.(stage);
  return { act, events, problems: [...problems, ...raw, ...failed, ...ownComplaints(stage.site.phpLog.slice(logged))] };
}

/** Does acts one after the other on one site. An act that throws is a problem of its own. */
export async function runActs(acts: readonly UserAct[], stage: Stage, told: (result: ActResult) => void = () => undefined): Promise<readonly ActResult[]> {
  const tokenKey = await stage.site.tokenKey();
  const results: ActResult[] = [];
  for (const act of acts.filter((a) => (a.on ?? ['single']).includes(stage.variant))) {
    let result: ActResult;
    try {
      result = await runOne(act, stage, tokenKey);
    } catch (error) {
      result = { act, events: [], problems: [`it threw: ${error instanceof Error ? (error.stack ?? error.message).slice(0, 1500) : String(error)}`] };
    }
    results.push(result);
    told(result);
  }
  return results;
}

/** Where raw values of people stand although they must not: the spool, our own options and tables, PHP's log. */
export async function leaksOf(stage: Stage, forbidden: readonly string[] = []): Promise<readonly string[]> {
  const values = [...rawValuesOf(), ...forbidden];
  const places: Readonly<Record<string, string>> = {
    spool: spoolText(stage.site.spoolDirectory),
    options: await stage.site.ownRows(),
    'PHP log': stage.site.phpLog,
  };
  return Object.entries(places).flatMap(([place, text]) => valuesIn(text, values).map((v) => `${place}: ${v}`));
}
