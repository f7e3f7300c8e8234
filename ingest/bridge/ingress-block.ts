import { MAX_BLOCK_BYTES } from '../../contracts/limits.ts';
import type { DeadLetterReason } from '../../contracts/line-status.ts';
import type { IngressRun } from '../../contracts/log-record.ts';
import { PLAIN_BLOCK_LINES } from '../gateway/plain-lines.ts';
import type { PlainBlock } from '../gateway/plain-lines.ts';

/** Runs stand in the clear in a record's head: so many that they stay below a few kilobytes. */
export const MAX_RUNS = 400;

/** What becomes one log record: lines of one site out of one partition of the ingress topic, offsets ascending. */
export interface IngressBlock {
  readonly site: string;
  readonly stream: string;
  readonly body: Buffer;
  readonly lines: number;
  readonly runs: readonly IngressRun[];
  readonly rejects: readonly (readonly [line: number, reason: DeadLetterReason])[];
  /** `rejects` and the lines that cannot be events for what they hold. */
  readonly deadLetters: number;
}

export interface OpenBlock {
  /** The lines of the record at `place`; false when they do not fit any more, and nothing was added. */
  add(place: number, part: PlainBlock): boolean;
  /** Undefined when it holds nothing. Afterwards it is empty. */
  take(): IngressBlock | undefined;
}

export function openBlock(site: string, stream: string): OpenBlock {
  let parts: PlainBlock[] = [];
  let runs: [number, number, number][] = [];
  let bytes = 0;
  let lines = 0;
  return {
    add(place, part) {
      const last = runs.at(-1);
      const goesOn = last !== undefined && last[0] + last[1] === place && last[2] === part.lines;
      const full = bytes + part.body.length > MAX_BLOCK_BYTES || lines + part.lines > PLAIN_BLOCK_LINES || (!goesOn && runs.length === MAX_RUNS);
      if (full && parts.length > 0) return false;
      if (goesOn) last[1] += 1;
      else runs.push([place, 1, part.lines]);
      parts.push(part);
      bytes += part.body.length;
      lines += part.lines;
      return true;
    },
    take() {
      if (parts.length === 0) return undefined;
      const rejects: (readonly [number, DeadLetterReason])[] = [];
      let deadLetters = 0;
      let before = 0;
      for (const part of parts) {
        for (const [line, reason] of part.rejects) rejects.push([before + line, reason]);
        before += part.lines;
        deadLetters += part.deadLetters;
      }
      const block = { site, stream, body: Buffer.concat(parts.map((p) => p.body)), lines, runs, rejects, deadLetters };
      parts = [];
      runs = [];
      bytes = 0;
      lines = 0;
      return block;
    },
  };
}
