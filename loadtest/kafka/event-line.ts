/** An attack that a rule of level high finds. */
const ATTACK = "id=1' UNION SELECT user_pass FROM wp_users-- -";

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
    url: { path: '/', query: attack === true ? ATTACK : 'page=2' },
  });
}
