/**
 * Which partitions this process works on. Two processes may believe for a while that they own one: whoever works on it
 * must bear that.
 */
export interface PartitionOwnership extends AsyncDisposable {
  /** The partitions owned now. */
  readonly owned: ReadonlySet<number>;
  /** Calls back with all owned partitions after each change, the first assignment included. One listener. */
  onChange(listener: (owned: ReadonlySet<number>) => void): void;
  /** Everything below `next` is done: for lag monitors only, nothing is read back. Never throws. */
  done(partition: number, next: number): void;
  /** Rejects when this process cannot take part any more; never resolves. */
  readonly failed: Promise<never>;
}

/** All of them, for ever: of a process that works alone. */
export function ownAll(partitions: number): PartitionOwnership {
  const owned = new Set(Array.from({ length: partitions }, (_, i) => i));
  return { owned, onChange: (listener) => listener(owned), done: () => undefined, failed: new Promise(() => undefined), async [Symbol.asyncDispose]() {} };
}
