import { setTimeout as sleep } from 'node:timers/promises';
import type { Act } from '../../contracts/trail.ts';

/** A plugin beats each minute. */
export const SILENT_AFTER_MS = 5 * 60_000;
const EVERY_MS = 30_000;
/** A plugin that could not reach us tries again after 19 minutes at the latest. */
export const BACK_AFTER_MS = 20 * 60_000;
/** No site has this name. */
const OWN = '';

export interface SiteBeat {
  readonly site: string;
  /** Unix ms: when the newest block of its plugin was received. */
  readonly lastMs: number;
  /** Unix ms: all that was received for the site until then was looked at. */
  readonly seenUntilMs: number;
}

export interface HeartbeatDeps {
  /** Every site whose plugin was heard of in the last days. */
  readonly beats: () => Promise<readonly SiteBeat[]>;
  /** Durable when it resolves. */
  readonly note: (act: Act) => Promise<void>;
  /** After which beat (Unix ms, as text) the trail was told of a site's silence; empty when it was told that it beats again. */
  readonly told: { get(site: string): string | undefined; set(site: string, lastMs: string): void };
  readonly onError?: (error: unknown) => void;
  readonly nowMs?: () => number;
  readonly everyMs?: number;
}

export interface HeartbeatWatch extends AsyncDisposable {
  status(): { readonly silent: readonly string[] };
}

/** Tells the trail when a site's plugin falls silent and when it is heard of again; runs until disposed. */
export function watchHeartbeats(deps: HeartbeatDeps): HeartbeatWatch {
  const stop = new AbortController();
  let silent: readonly string[] = [];

  async function round(): Promise<void> {
    const nowMs = (deps.nowMs ?? Date.now)();
    const backMs = backSince(deps.told.get(OWN) ?? '', nowMs);
    try {
      const beats = await deps.beats();
      silent = beats.filter((beat) => isTold(deps, beat) || isSilent(beat, backMs)).map(({ site }) => site);
      for (const beat of beats) await tell(deps, beat, backMs);
    } finally {
      deps.told.set(OWN, `${nowMs} ${backMs}`);
    }
  }
  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      await round().catch((error: unknown) => deps.onError?.(error));
      await sleep(deps.everyMs ?? EVERY_MS, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  }
  const running = run();
  return {
    status: () => ({ silent }),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
}

/** Unix ms: when we came back after the last pause of our own (stopped, or the machine asleep), in which no site could be heard. */
function backSince(noted: string, nowMs: number): number {
  const [roundMs, backMs] = noted.split(' ').map(Number);
  return roundMs === undefined || backMs === undefined || Math.abs(nowMs - roundMs) > SILENT_AFTER_MS ? nowMs : backMs;
}

function isSilent({ lastMs, seenUntilMs }: SiteBeat, backMs: number): boolean {
  return seenUntilMs - lastMs > SILENT_AFTER_MS && seenUntilMs - backMs > BACK_AFTER_MS;
}

/** Nothing came since the trail was told of its silence. */
function isTold({ told }: HeartbeatDeps, { site, lastMs }: SiteBeat): boolean {
  return told.get(site) === String(lastMs);
}

/** First the trail, then the note: a crash between costs a repeat under the same id. */
async function tell(deps: HeartbeatDeps, beat: SiteBeat, backMs: number): Promise<void> {
  if (isTold(deps, beat)) return;
  const { note, told } = deps;
  const { site, lastMs } = beat;
  const before = told.get(site) ?? '';
  if (isSilent(beat, backMs)) {
    await note(heartbeatAct('heartbeat-missed', site, lastMs));
    told.set(site, String(lastMs));
  } else if (before !== '') {
    await note(heartbeatAct('heartbeat-resumed', site, Number(before)));
    told.set(site, '');
  }
}

function heartbeatAct(action: 'heartbeat-missed' | 'heartbeat-resumed', site: string, lastMs: number): Act {
  return {
    action, category: ['configuration'], outcome: action === 'heartbeat-missed' ? 'failure' : 'success', id: `${action} ${site} ${lastMs}`,
    actor: { name: 'role:respond' }, target: { kind: 'site', name: site, site }, about: { heartbeat: { last: new Date(lastMs).toISOString() } },
  };
}
