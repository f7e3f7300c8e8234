import { ServerException } from './server-exception.ts';

/** A fixed number of things to be used one at a time; callers wait in order, at most `waiting` of them. */
export class Slots<T> {
  readonly #free: T[];
  readonly #queue: ((value: T) => void)[] = [];
  readonly #waiting: number;

  constructor(values: readonly T[], waiting: number) {
    this.#free = [...values];
    this.#waiting = waiting;
  }

  /** Rejects with TOO_MANY_SIMULTANEOUS_QUERIES when too many wait, or with the signal's reason. */
  async take(signal?: AbortSignal): Promise<{ readonly value: T; readonly release: () => void }> {
    signal?.throwIfAborted();
    const value = this.#free.pop() ?? (await this.#wait(signal));
    let held = true;
    const release = (): void => {
      if (!held) return;
      held = false;
      const next = this.#queue.shift();
      if (next === undefined) this.#free.push(value);
      else next(value);
    };
    return { value, release };
  }

  #wait(signal?: AbortSignal): Promise<T> {
    if (this.#queue.length >= this.#waiting) throw new ServerException(202, 'TOO_MANY_SIMULTANEOUS_QUERIES', 'Too many queries wait already; try again.');
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.#queue.splice(this.#queue.indexOf(serve), 1);
        reject(signal?.reason);
      };
      const serve = (value: T): void => {
        signal?.removeEventListener('abort', abort);
        resolve(value);
      };
      this.#queue.push(serve);
      signal?.addEventListener('abort', abort, { once: true });
    });
  }
}
