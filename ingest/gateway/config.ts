import type { ConfigOf, Settings } from '../../contracts/settings.ts';

export const GATEWAY_SETTINGS = {
  host: { kind: 'text', default: '127.0.0.1', comment: 'Address to listen on. Put a TLS proxy in front before you name a public one.' },
  port: { kind: 'integer', default: 7710, least: 0, most: 65_535, comment: 'Port to listen on; 0 lets the system choose.' },
  site_events_per_second: { kind: 'integer', default: 200_000, least: 1, most: 100_000_000, comment: 'Lines a second one site may send on average, for each gateway. Beyond it answers are 429.' },
  site_bytes_per_second: { kind: 'integer', default: 128 * 1024 * 1024, least: 1024, most: 100_000_000_000, comment: 'Bytes a second (after decompression) one site may send on average, for each gateway.' },
  burst_seconds: { kind: 'integer', default: 4, least: 1, most: 3600, comment: 'Seconds of its rate a quiet site may send at once.' },
  max_in_flight_bytes: { kind: 'integer', default: 64 * 1024 * 1024, least: 4 * 1024 * 1024, most: 16 * 1024 * 1024 * 1024, comment: 'Bytes of requests held at one time. Beyond it a body that is not there after 5 s is given up, and otherwise answers are 503.' },
  max_in_flight_appends: { kind: 'integer', default: 1024, least: 1, most: 100_000, comment: 'Blocks on their way into the event log at one time. Beyond it answers are 503.' },
  append_timeout_ms: { kind: 'integer', default: 15_000, least: 100, most: 300_000, comment: 'Milliseconds to wait for the event log before the answer is 503. The block may still have become durable; a repeat is stored once.' },
  trusted_proxies: { kind: 'list', default: [], comment: 'Addresses or networks of proxies in front, whose X-Forwarded-For is believed. It only decides whose budget a request without credentials uses up.' },
  request_timeout_ms: { kind: 'integer', default: 60_000, least: 1000, most: 3_600_000, comment: 'Milliseconds a client may take to send one request.' },
} as const satisfies Settings;

export type GatewayConfig = ConfigOf<typeof GATEWAY_SETTINGS>;
