import type { VirtualClock } from './virtual-clock.ts';

/** Runs something for so many steps of a virtual clock, then stops it. Rejects with what it rejects with. */
export async function runSteps(run: (signal: AbortSignal) => Promise<void>, clock: VirtualClock, steps: number): Promise<void> {
  const stop = new AbortController();
  let failure: unknown;
  const running = run(stop.signal).catch((error: unknown) => {
    failure = error;
  });
  for (let i = 0; i < steps && failure === undefined; i++) {
    await new Promise((resolve) => { setImmediate(resolve); });
    clock.advance();
  }
  stop.abort(null);
  await running;
  if (failure !== undefined) throw failure;
}
