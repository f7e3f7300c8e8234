import type { Format } from '../formats/formats.ts';

/** What one message was about. */
export interface SyslogLine {
  readonly bytes: Buffer;
  /** `too_long`: the start of a message that was cut; `unknown_format`: its sender named a format or zone that is none. */
  readonly reason?: 'too_long' | 'unknown_format';
  readonly format: Format;
  readonly zone: string;
}

/** Lines of one site and stream, in order. */
export interface SyslogBatch {
  readonly site: string;
  readonly stream: string;
  readonly lines: readonly SyslogLine[];
}

/** Why a message was not taken, whose site is not known. */
export type SyslogRefusal = 'not_syslog' | 'framing' | 'no_credentials' | 'wrong_key' | 'other_site' | 'too_slow' | 'too_many' | 'cut_off' | 'not_stored';

/** Where batches go. Implementations never drop: they store, or reject. */
export interface SyslogSink {
  /** The site an ingest key belongs to. */
  siteOfKey(key: string): Promise<string | undefined>;
  /** Durable when it resolves. A rejected batch may be durable in parts; it is given again, after `retryAfterSeconds` where the error says so. */
  take(batch: SyslogBatch): Promise<void>;
  /** Counts; must be cheap, for anybody can cause it. */
  refused(reason: SyslogRefusal, messages?: number): void;
  /** Connections open now. */
  connections(open: number): void;
}
