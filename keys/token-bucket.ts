/** At most `perMinute` in any minute started fresh, refilled evenly. */
export function tokenBucket(perMinute: number, now: () => number): () => boolean {
  let tokens = perMinute;
  let atMs = now();
  return () => {
    const nowMs = now();
    tokens = Math.min(perMinute, tokens + (Math.max(0, nowMs - atMs) * perMinute) / 60_000);
    atMs = nowMs;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
