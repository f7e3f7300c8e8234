import { ANSWERED_ATTACK } from '../answered-attack.ts';

export interface EventLineOptions {
  /** What tells it from all others in the store. */
  readonly action: string;
  readonly attack?: boolean;
  readonly ip?: string;
}

/** One event as JSON, without line feed. */
export function eventLine({ action, attack, ip }: EventLineOptions): string {
  return JSON.stringify({
    '@timestamp': new Date().toISOString(),
    event: { kind: 'event', category: 'http', action, outcome: 'success' },
    source: { ip: ip ?? '203.0.113.9' },
    ...(attack === true ? ANSWERED_ATTACK : { url: { path: '/', query: 'page=2' } }),
  });
}
