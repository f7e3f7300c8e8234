import type { IngressRun, RecordHead } from '../../contracts/log-record.ts';
import { encodeRecordHead, frameRecord } from '../../contracts/log-record.ts';
import type { Random } from '../../contracts/seeded-random.ts';
import type { SentLine, SentRecord, SimulatedShippers } from './simulated-shippers.ts';

interface TopicRecord {
  readonly offset: number;
  readonly lines: readonly string[];
}

/** A bridge that seals the records of one ingress topic: after a crash it goes back and cuts them into other blocks. */
export function createSimulatedBridge(random: Random, site: string, stream: string, nextLine: () => string): SimulatedShippers {
  const acknowledged = new Map<string, SentLine>();
  const topic: TopicRecord[] = [];
  let offset = random.between(0, 5);
  let at = 0;
  let linesSent = 0;

  function produce(): void {
    for (let i = random.between(1, 4); i > 0; i--) {
      topic.push({ offset, lines: Array.from({ length: random.between(1, 2) }, nextLine) });
      // Offsets between belong to other sites.
      offset += random.chance(0.3) ? random.between(2, 4) : 1;
    }
  }

  function seal(receivedAtMs: number): SentRecord {
    const records = topic.slice(at, at + random.between(1, 5));
    at += records.length;
    const lines = records.flatMap((r) => r.lines);
    linesSent += lines.length;
    for (const line of lines) acknowledged.set(line, { site, stream, seq: undefined });
    const body = lines.map((l) => `${l}\n`).join('');
    const head: RecordHead = { v: 1, site, stream, provenance: 'ingress', received_at: receivedAtMs, framing: 'plain', codec: 'none', lines: lines.length, bytes: body.length, ingress: { runs: runsOf(records) } };
    return { key: site, value: frameRecord(encodeRecordHead(head), Buffer.from(body)), lines };
  }

  return {
    site, stream, acknowledged, damaged: 0, forked: false,
    step(receivedAtMs) {
      produce();
      if (random.chance(0.2)) at = random.between(Math.max(0, at - 6), at);
      return [seal(receivedAtMs)];
    },
    drain(receivedAtMs) {
      const rest: SentRecord[] = [];
      while (at < topic.length) rest.push(seal(receivedAtMs));
      return rest;
    },
    get linesSent() {
      return linesSent;
    },
  };
}

function runsOf(records: readonly TopicRecord[]): readonly IngressRun[] {
  const runs: [number, number, number][] = [];
  for (const { offset, lines } of records) {
    const run = runs.at(-1);
    if (run !== undefined && run[0] + run[1] === offset && run[2] === lines.length) run[1] += 1;
    else runs.push([offset, 1, lines.length]);
  }
  return runs;
}
