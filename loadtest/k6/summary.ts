/** What k6 writes of a run, as far as it is read here (https://grafana.com/docs/k6/latest/results-output/end-of-test/). */
interface K6Summary {
  readonly metrics: Readonly<Record<string, K6Metric | undefined>>;
}

interface K6Metric {
  readonly values: Readonly<Record<string, number | undefined>>;
  readonly thresholds?: Readonly<Record<string, { readonly ok: boolean }>>;
}

export interface K6Result {
  readonly requests: number;
  readonly requestsPerSecond: number;
  readonly failedShare: number;
  /** Of the blocks: milliseconds from sending to the whole answer. */
  readonly latencyMs: Readonly<Record<'med' | 'p(90)' | 'p(95)' | 'p(99)' | 'p(99.9)' | 'max', number>>;
  /** Events the gateway acknowledged. */
  readonly acknowledged: { readonly blocks: number; readonly lines: number; readonly otlp: number };
  readonly resentBlocks: number;
  readonly droppedIterations: number;
  readonly goals: readonly { readonly goal: string; readonly met: boolean }[];
}

export function readSummary(text: string): K6Result {
  // Written by the k6 that was just run.
  const { metrics } = JSON.parse(text) as K6Summary;
  const value = (metric: string, key: string): number => metrics[metric]?.values[key] ?? 0;
  const duration = 'http_req_duration{scenario:blocks}';
  return {
    requests: value('http_reqs', 'count'),
    requestsPerSecond: value('http_reqs', 'rate'),
    failedShare: value('http_req_failed', 'rate'),
    latencyMs: { med: value(duration, 'med'), 'p(90)': value(duration, 'p(90)'), 'p(95)': value(duration, 'p(95)'), 'p(99)': value(duration, 'p(99)'), 'p(99.9)': value(duration, 'p(99.9)'), max: value(duration, 'max') },
    acknowledged: { blocks: value('acknowledged_blocks', 'count'), lines: value('acknowledged_lines', 'count'), otlp: value('acknowledged_otlp', 'count') },
    resentBlocks: value('resent_blocks', 'count'),
    droppedIterations: value('dropped_iterations', 'count'),
    goals: Object.entries(metrics).flatMap(([name, metric]) => Object.entries(metric?.thresholds ?? {}).map(([threshold, { ok }]) => ({ goal: `${name} ${threshold}`, met: ok }))),
  };
}
