import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import type { ThreadOrder } from './hunt-thread.ts';

/**
 * Node strips types by WebAssembly, whose compiled wrappers all threads of a process share. A wrapper that V8 makes anew
 * after a thousand calls frees the one before, and crashes where the thread that owned it has just ended.
 */
setFlagsFromString('--wasm-wrapper-tiering-budget=1000000000');

/**
 * Does the tasks on so many threads, in whatever order. Rejects with the first error of a thread, or the signal's reason;
 * the parts of the tasks done by then stay.
 */
export async function runTasks(order: ThreadOrder, tasks: readonly number[], threads: number, onDone: () => void, signal: AbortSignal): Promise<void> {
  const queue = [...tasks];
  const workers = Array.from({ length: Math.min(threads, tasks.length) }, () => new Worker(new URL('hunt-thread.ts', import.meta.url), { workerData: order }));
  try {
    await Promise.all(workers.map((worker) => drive(worker, queue, onDone, signal)));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/** Gives a thread one task after the other until there are none. */
function drive(worker: Worker, queue: number[], onDone: () => void, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const next = (): void => {
      const task = queue.shift();
      if (task === undefined) resolve();
      else worker.postMessage(task, []);
    };
    worker.on('message', () => {
      onDone();
      next();
    });
    worker.on('error', reject);
    worker.on('exit', () => reject(new Error('a thread of the hunt ended early')));
    // The signal is the command's own; it aborts once, with an Error.
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    if (signal.aborted) reject(signal.reason as Error);
    else next();
  });
}
