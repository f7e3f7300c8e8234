import { isName } from '../../contracts/names.ts';
import { rollbackOf } from './rollback.ts';
import type { Rollback } from './rollback.ts';
import type { StoredCheckpoints } from './stored-checkpoints.ts';

/**
 * Checks what shippers echo: the newest checkpoint each was given, as `size:root`. It was read from the store before it
 * was given out, so the store has it, unless it was rolled back or the site lies. Aside from taking blocks: echoes wait in a
 * bounded queue. A site that was given a smaller checkpoint after a rollback echoes the lost one only once, so what waits is
 * not replaced by what comes later.
 */
export interface Echoes extends AsyncDisposable {
  /** Of a block whose signature held. Never throws. */
  seen(site: string, echo: string): void;
}

export interface EchoDeps {
  readonly stored: Pick<StoredCheckpoints, 'rootsAt'>;
  /** Puts it on the trail; called again later when it rejects. */
  readonly report: (rollback: Rollback) => Promise<void>;
  readonly onProblem: (error: unknown) => void;
  /** Between two tries of one echo, so that a replica that lags is no rollback. */
  readonly waitMs?: number;
}

const MOST_WAITING = 10_000;
const MOST_WAITING_OF_A_SITE = 8;
const MOST_KNOWN = 50_000;
const TRIES = 3;
const WAIT_MS = 5_000;
/** A site that goes on saying other things is reported so often at most. */
const REPORT_EVERY_MS = 3_600_000;

interface Waiting {
  readonly echo: string;
  tries: number;
}

export function createEchoes({ stored, report, onProblem, waitMs = WAIT_MS }: EchoDeps): Echoes {
  const waiting = new Map<string, Waiting[]>();
  let waits = 0;
  /** The last echo of a site that held. */
  const known = new Map<string, string>();
  const reported = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> = Promise.resolve();
  let closed = false;

  function wait(site: string, one: Waiting): void {
    waiting.set(site, [...(waiting.get(site) ?? []), one]);
    waits++;
  }

  async function check(site: string, one: Waiting): Promise<void> {
    const colon = one.echo.indexOf(':');
    const rollback = await rollbackOf(stored, { site, size: Number(one.echo.slice(0, colon)), root: one.echo.slice(colon + 1) }, 'site');
    if (rollback === undefined) return remember(known, site, one.echo);
    one.tries++;
    if (one.tries < TRIES) return wait(site, one);
    if (performance.now() - (reported.get(site) ?? Number.NEGATIVE_INFINITY) < REPORT_EVERY_MS) return;
    await report(rollback);
    remember(reported, site, performance.now());
  }

  async function round(): Promise<void> {
    const mine = [...waiting].flatMap(([site, ones]) => ones.map((one) => [site, one] as const));
    waiting.clear();
    waits = 0;
    for (const [site, one] of mine) {
      if (closed) return;
      await check(site, one).catch((error: unknown) => {
        onProblem(error);
        wait(site, one);
      });
    }
    if (waiting.size > 0) schedule();
  }

  function schedule(): void {
    if (timer !== undefined || closed) return;
    timer = setTimeout(() => {
      timer = undefined;
      working = round();
    }, waitMs);
    timer.unref();
  }

  return {
    seen(site, echo) {
      const mine = waiting.get(site) ?? [];
      if (!isName(site) || known.get(site) === echo || waits >= MOST_WAITING || mine.length >= MOST_WAITING_OF_A_SITE || mine.some((one) => one.echo === echo)) return;
      wait(site, { echo, tries: 0 });
      schedule();
    },
    async [Symbol.asyncDispose]() {
      closed = true;
      clearTimeout(timer);
      await working;
    },
  };
}

/** Keeps the youngest. */
function remember<T>(map: Map<string, T>, site: string, value: T): void {
  map.delete(site);
  map.set(site, value);
  const [oldest] = map.keys();
  if (map.size > MOST_KNOWN && oldest !== undefined) map.delete(oldest);
}
