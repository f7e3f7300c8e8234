import type { GatewayConfig } from './config.ts';

/** Two token buckets a site: lines and bytes. In memory of one gateway; at most one entry a known site. */
export interface RateLimit {
  /**
   * Takes the request, or says how many seconds to wait. A request is taken while the buckets are not in debt and may
   * put them there, so that one larger than the burst is delayed and never shut out.
   */
  take(site: string, lines: number, bytes: number): number | undefined;
}

interface Buckets {
  lines: number;
  bytes: number;
  filledAtMs: number;
}

export function createRateLimit(config: GatewayConfig, clock: () => number): RateLimit {
  const linesPerSecond = config.site_events_per_second;
  const bytesPerSecond = config.site_bytes_per_second;
  const full = { lines: linesPerSecond * config.burst_seconds, bytes: bytesPerSecond * config.burst_seconds };
  const sites = new Map<string, Buckets>();
  return {
    take(site, lines, bytes) {
      const nowMs = clock();
      let b = sites.get(site);
      if (b === undefined) sites.set(site, (b = { ...full, filledAtMs: nowMs }));
      // A clock that was set back fills nothing and starts anew.
      const seconds = Math.max(0, nowMs - b.filledAtMs) / 1000;
      b.lines = Math.min(full.lines, b.lines + seconds * linesPerSecond);
      b.bytes = Math.min(full.bytes, b.bytes + seconds * bytesPerSecond);
      b.filledAtMs = nowMs;
      if (b.lines <= 0 || b.bytes <= 0) return Math.max(1, Math.ceil(Math.max(-b.lines / linesPerSecond, -b.bytes / bytesPerSecond)));
      b.lines -= lines;
      b.bytes -= bytes;
      return undefined;
    },
  };
}
