import type { ConfigOf, Settings } from '../../contracts/settings.ts';

export const CONSOLE_SETTINGS = {
  host: { kind: 'text', default: '127.0.0.1', comment: 'Address the console listens on. It speaks plain HTTP: put a TLS proxy in front before you name a public one, or tokens travel in the clear.' },
  port: { kind: 'integer', default: 7713, least: 0, most: 65_535, comment: 'Port of the console; 0 for any free one.' },
  proxies: { kind: 'list', default: [], comment: 'Addresses of TLS proxies in front whose X-Forwarded-For is believed; otherwise the trail names the proxy as the address of all who ask.' },
  answers: { kind: 'integer', default: 8, least: 1, most: 1_000, comment: 'Answers of /v1 that are under way at one time. Beyond it answers are 503.' },
  page_rows: { kind: 'integer', default: 100_000, least: 1, most: 10_000_000, comment: 'Most rows of one page that may be asked for.' },
  attempts_per_minute: { kind: 'integer', default: 10, least: 1, most: 10_000, comment: 'Wrong tokens that one address may send in a minute. Beyond it answers are 429.' },
  request_timeout_ms: { kind: 'integer', default: 30_000, least: 1_000, most: 600_000, comment: 'Milliseconds a client may take to send a request.' },
  idle_seconds: { kind: 'integer', default: 180, least: 10, most: 7_200, comment: 'Seconds after which a connection is closed on which nothing moves; longer than storage.read_seconds, while which nothing does.' },
} as const satisfies Settings;

export type ConsoleConfig = ConfigOf<typeof CONSOLE_SETTINGS>;
