import { parseRfc3339 } from './log-time.ts';

export interface Prefixed {
  /** When the system's log took the line; undefined when no such prefix stands there. */
  readonly timestamp: string | undefined;
  readonly text: string;
}

/** What rsyslog's file format and `journalctl -o short-iso-precise` write before a message: `TIME HOST TAG[PID]: `. */
const PREFIX = /^([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.,]{8,18}(?:Z|[+-][0-9]{2}:?[0-9]{2})) ([^\s]{1,255}) ([^\s:[]{1,64})(?:\[[0-9]{1,10}\])?: ?/;

export function withoutSyslogPrefix(line: string): Prefixed {
  const found = line.charCodeAt(4) === 0x2d ? PREFIX.exec(line) : null;
  const timestamp = found?.[1] === undefined ? undefined : parseRfc3339(found[1]);
  return found === null || timestamp === undefined ? { timestamp: undefined, text: line } : { timestamp, text: line.slice(found[0].length) };
}
