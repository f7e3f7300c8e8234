import type { TestEvent } from './rule-test.ts';

/** Midnight, UTC: windows that are aligned to hours or days begin with the test. */
const START = Date.UTC(2026, 10, 20);
const STEP_MS = 1_000;
const MOST_EVENTS = 20_000;
const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

type Fields = Readonly<Record<string, unknown>>;

/** The events of one test in their order, or what is wrong with them. */
export function testEvents(list: readonly Fields[], given: Fields, scan: Fields | undefined): readonly TestEvent[] | string {
  const made: TestEvent[] = [];
  let next = START;
  for (const { at, every, times, ...own } of list) {
    const first = at === undefined ? next : offset(at);
    const stepMs = every === undefined ? STEP_MS : durationMs(every);
    const count = times ?? 1;
    if (first === undefined) return 'at is a time such as 90s, 5m, 1h or 250ms';
    if (stepMs === undefined) return 'every is a time such as 90s, 5m, 1h or 250ms';
    if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 1 || made.length + count > MOST_EVENTS) return `times is a whole number, and a test has at most ${MOST_EVENTS} events`;
    for (let n = 1; n <= count; n++) {
      const event = { ...given, ...own, ...(scan === undefined ? {} : { scan }) };
      const counted = times === undefined ? event : withNumber(event, n);
      const timestamp = at === undefined && times === undefined ? timeOf(counted) ?? first : first + (n - 1) * stepMs;
      if (!Number.isFinite(timestamp)) return '@timestamp is a time such as 2026-11-20T10:00:00Z';
      made.push({ event: { '@timestamp': new Date(timestamp).toISOString(), ...counted }, timestamp });
      next = timestamp + STEP_MS;
    }
  }
  return made;
}

function offset(at: unknown): number | undefined {
  const ms = durationMs(at);
  return ms === undefined ? undefined : START + ms;
}

function durationMs(text: unknown): number | undefined {
  const [, digits, unit = ''] = /^(\d{1,9})(ms|[smhd])$/.exec(String(text)) ?? [];
  return digits === undefined ? undefined : Number(digits) * (UNITS_MS[unit] ?? Number.NaN);
}

/** Unix ms of `@timestamp`; NaN when it is none, undefined when there is none. */
function timeOf(event: Fields): number | undefined {
  const time = event['@timestamp'];
  return time === undefined ? undefined : Date.parse(String(time));
}

/** `{n}` in texts, at any depth YAML allowed. */
function withNumber(value: Fields, n: number): Fields {
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, numbered(inner, n)]));
}

function numbered(value: unknown, n: number): unknown {
  if (typeof value === 'string') return value.replaceAll('{n}', String(n));
  if (Array.isArray(value)) return value.map((inner) => numbered(inner, n));
  return typeof value === 'object' && value !== null ? withNumber(value as Fields, n) : value; // an object of parsed YAML
}
