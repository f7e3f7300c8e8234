/** Prometheus text exposition format 0.0.4. Labels come from fixed sets only, so a client cannot make series. */
export interface Metrics {
  request(route: string, status: number): void;
  taken(provenance: string, lines: number, bytes: number, deadLetters: number): void;
  /** A refused request, by the error's reason. */
  refused(reason: string): void;
  appended(seconds: number): void;
  failedAppend(): void;
  /** A syslog message or connection refused, by the reason. */
  syslogRefused(reason: string, messages: number): void;
  syslogConnections(open: number): void;
  text(gauges: Readonly<Record<string, number>>): string;
}

const LATENCY_BOUNDS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function createMetrics(): Metrics {
  const requests = new Map<string, number>();
  const lines = new Map<string, number>();
  const bytes = new Map<string, number>();
  const deadLetters = new Map<string, number>();
  const refused = new Map<string, number>();
  const buckets = new Float64Array(LATENCY_BOUNDS_SECONDS.length + 1);
  const syslogRefused = new Map<string, number>();
  let syslogOpen: number | undefined;
  let latencySum = 0;
  let failedAppends = 0;
  const add = (series: Map<string, number>, labels: string, n: number) => series.set(labels, (series.get(labels) ?? 0) + n);
  return {
    request: (route, status) => void add(requests, `{route="${route}",status="${status}"}`, 1),
    taken(provenance, lineCount, byteCount, dead) {
      const labels = `{provenance="${provenance}"}`;
      add(lines, labels, lineCount);
      add(bytes, labels, byteCount);
      add(deadLetters, labels, dead);
    },
    refused: (reason) => void add(refused, `{reason="${reason}"}`, 1),
    appended(seconds) {
      const at = LATENCY_BOUNDS_SECONDS.findIndex((bound) => seconds <= bound);
      const bucket = at < 0 ? LATENCY_BOUNDS_SECONDS.length : at;
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
      latencySum += seconds;
    },
    failedAppend() {
      failedAppends += 1;
    },
    syslogRefused: (reason, messages) => void add(syslogRefused, `{reason="${reason}"}`, messages),
    syslogConnections(open) {
      syslogOpen = open;
    },
    text(gauges) {
      return [
        ...counter('requests_total', 'Requests by route and status.', requests),
        ...counter('lines_total', 'Lines taken into the event log.', lines),
        ...counter('bytes_total', 'Bytes of bodies taken, after decompression.', bytes),
        ...counter('dead_letters_total', 'Lines taken that cannot become events.', deadLetters),
        ...counter('refused_total', 'Requests refused, by reason.', refused),
        ...counter('append_failures_total', 'Appends the event log did not confirm.', new Map([['', failedAppends]])),
        ...histogram('append_seconds', 'Time until the event log confirmed a block as durable.', buckets, latencySum),
        ...counter('syslog_refused_total', 'Syslog messages and connections refused, by reason.', syslogRefused),
        ...Object.entries(syslogOpen === undefined ? gauges : { ...gauges, syslog_connections: syslogOpen }).flatMap(([name, value]) => [`# TYPE tourniquet_gateway_${name} gauge`, `tourniquet_gateway_${name} ${value}`]),
        '',
      ].join('\n');
    },
  };
}

function counter(name: string, help: string, series: ReadonlyMap<string, number>): readonly string[] {
  const full = `tourniquet_gateway_${name}`;
  return [`# HELP ${full} ${help}`, `# TYPE ${full} counter`, ...Array.from(series, ([labels, value]) => `${full}${labels} ${value}`)];
}

function histogram(name: string, help: string, buckets: Float64Array, sum: number): readonly string[] {
  const full = `tourniquet_gateway_${name}`;
  let count = 0;
  const rows = Array.from(buckets, (n, i) => {
    count += n;
    return `${full}_bucket{le="${LATENCY_BOUNDS_SECONDS[i] ?? '+Inf'}"} ${count}`;
  });
  return [`# HELP ${full} ${help}`, `# TYPE ${full} histogram`, ...rows, `${full}_sum ${sum}`, `${full}_count ${count}`];
}
