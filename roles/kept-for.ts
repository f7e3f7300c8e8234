/** What `read` gave, for `ms`; then it is read again. Callers at one time share one read, and a failure is not kept. */
export function keptFor<T>(ms: number, read: () => Promise<T>): () => Promise<T> {
  let kept: { readonly value: Promise<T>; readonly atMs: number } | undefined;
  return () => {
    if (kept !== undefined && performance.now() - kept.atMs < ms) return kept.value;
    const reading = { value: read(), atMs: performance.now() };
    kept = reading;
    reading.value.catch(() => {
      if (kept === reading) kept = undefined;
    });
    return reading.value;
  };
}
