import type { Alert } from '../contracts/alert.ts';
import type { CommitRecord } from '../contracts/control.ts';
import type { ControlEntry, ControlStream } from '../contracts/event-log.ts';

/** A control stream in memory and the alerts that its commits speak of. */
export class FakeControl {
  readonly entries: ControlEntry[] = [];
  readonly alerts = new Map<number, readonly Alert[]>();
  #first = 0;
  #next = 0;
  #position = 0;

  readonly stream: ControlStream = {
    append: (key, value) => Promise.resolve(this.append(key, value)),
    claim: (key, value) => Promise.resolve({ offset: this.append(key, value), key, value }),
    read: (from, max) => Promise.resolve(this.entries.filter((e) => e.offset >= from).slice(0, max)),
    bounds: () => Promise.resolve({ first: this.#first, next: this.#next }),
    trim: (before) => Promise.resolve(this.trim(before)),
  };

  append(key: string, value: string): number {
    const offset = this.#next++;
    this.entries.push({ offset, key, value });
    return offset;
  }

  trim(before: number): void {
    this.#first = before;
    while (this.entries[0] !== undefined && this.entries[0].offset < before) this.entries.shift();
  }

  /** One group of one block. */
  commit(alerts: readonly Alert[], claimed = alerts.length): void {
    const at = this.#position++;
    this.alerts.set(at, alerts);
    const record: CommitRecord = {
      type: 'commit', partition: 0, first: at, last: at, committed_at: Date.now(), versions: { derivation: 1, rules: 'r' },
      received_from: 1_000 + at, received_to: 1_000 + at, rows: { events: 1, alerts: claimed }, duplicates: 0, sites: {},
    };
    this.append(`commit/0/${at}`, JSON.stringify(record));
  }

  readonly alertsOf = (range: { readonly first: number; readonly last: number }): Promise<readonly Alert[]> =>
    Promise.resolve([...this.alerts].filter(([at]) => at >= range.first && at <= range.last).flatMap(([, alerts]) => alerts));
}

export function sampleAlert(n: number, change: Partial<Alert> = {}): Alert {
  return {
    id: `alert_${n.toString(26).padStart(32, '0').replace(/[0-9a-p]/g, (c) => String.fromCharCode(97 + Number.parseInt(c, 26)))}`,
    site: 'shop-1', leaf: n, received_at: 1_792_000_000_000 + n, timestamp: 1_792_000_000_000, rule: 'tourniquet.secret.api-key', rule_version: 'a1b2',
    title: 'API key in a log line', level: 'high', class: 'secret.api_key', field: 'url.query', source_ip: '198.51.100.7', stream: 'access', epoch: 1, seq: n,
    late: 0, group: '', quiet_s: 0, back_off: 0, quiet_most_s: 0,
    ...change,
  };
}
