import { beforeAll, describe, expect, test } from 'vitest';
import { parseBlockHeader } from './block.ts';
import { openNote, parseCheckpoint, parseNote, parseVerifier } from './checkpoint.ts';
import { parseRecord } from './log-record.ts';
import { formatFrontier, parseFrontier } from './merkle.ts';
import { seededRandom } from './seeded-random.ts';
import { parseEnrolment } from './site.ts';
import { vectorJson, vectorRows } from './reference-data.ts';

const seed = Number(process.env['TOURNIQUET_FUZZ_SEED'] ?? 20_261_121);
const ROUNDS = 4_000;
beforeAll(() => {
  process.stdout.write(`fuzz seed ${seed}: set TOURNIQUET_FUZZ_SEED to run another\n`);
});

/** One to four edits: a byte changed, a piece removed, repeated or moved, the end cut. */
function mutate(bytes: Buffer, below: (n: number) => number): Buffer {
  let out = Buffer.from(bytes);
  for (let edits = 1 + below(4); edits > 0; edits--) {
    const at = below(out.length + 1);
    const piece = out.subarray(at, at + below(40));
    const kind = below(5);
    if (kind === 0 && at < out.length) out[at] = below(256);
    else if (kind === 1) out = Buffer.concat([out.subarray(0, at), out.subarray(at + piece.length)]);
    else if (kind === 2) out = Buffer.concat([out.subarray(0, at), piece, out.subarray(at)]);
    else if (kind === 3) out = Buffer.concat([out.subarray(0, at), Buffer.from(['\n', '{', '\u2014 ', '__proto__', '1e999', '\0', '\ud800', '.'][below(8)] ?? ''), out.subarray(at)]);
    else out = out.subarray(0, at);
  }
  return out;
}

function eachMutation(sources: readonly Buffer[], check: (bytes: Buffer) => void): void {
  const { below } = seededRandom(seed);
  for (let round = 0; round < ROUNDS; round++) {
    const bytes = mutate(sources[below(sources.length)] ?? Buffer.alloc(0), below);
    try {
      check(bytes);
    } catch (cause) {
      throw new Error(`seed ${seed}, round ${round}, input ${bytes.toString('base64')}`, { cause });
    }
  }
}

// The casts state the shapes of our own vector files.
describe('mutated input never throws what a caller does not expect:', () => {
  test('a block header is a header or a problem that quotes nothing', () => {
    const { blocks } = vectorJson('block.json') as { blocks: readonly { header: unknown }[] };
    eachMutation(blocks.map((b) => Buffer.from(JSON.stringify(b.header))), (bytes) => {
      const result = parseBlockHeader(bytes.toString());
      if (!result.ok) expect(result.problem.length).toBeLessThan(100);
      else expect(parseBlockHeader(JSON.stringify(result.header))).toEqual(result);
    });
  });

  test('a note is a note or none, and opens only with its very text', () => {
    const { note, text, verifier } = vectorJson('checkpoint.json') as Record<'note' | 'text' | 'verifier', string>;
    const known = parseVerifier(verifier);
    expect(known).toBeDefined();
    eachMutation([Buffer.from(note), Buffer.from(text), Buffer.from(verifier)], (bytes) => {
      const given = bytes.toString();
      parseCheckpoint(given);
      parseNote(given);
      const opened = openNote(given, known === undefined ? [] : [known]);
      if (opened !== undefined) expect(opened.text).toBe(text);
      if (given !== verifier) expect(parseVerifier(given)?.keyId ?? 0).not.toBe(known?.keyId);
    });
  });

  test('a record is a record or none', () => {
    const rows = vectorRows('record.ndjson') as readonly { record: string }[];
    eachMutation(rows.map((r) => Buffer.from(r.record, 'base64')), (bytes) => {
      const record = parseRecord(bytes);
      if (record !== undefined) expect(8 + record.headBytes.length + record.sealed.length).toBe(bytes.length);
    });
  });

  test('an enrolment line is one or none', () => {
    const rows = vectorRows('enrolment.ndjson') as readonly { line: string }[];
    eachMutation(rows.map((r) => Buffer.from(r.line)), (bytes) => {
      const enrolment = parseEnrolment(bytes.toString());
      if (enrolment !== undefined) expect(URL.canParse(enrolment.gatewayUrl)).toBe(true);
    });
  });

  test('a frontier is one or a RangeError', () => {
    const rows = vectorRows('merkle.ndjson') as readonly { frontier: string }[];
    eachMutation(rows.map((r) => Buffer.from(r.frontier)), (bytes) => {
      try {
        const frontier = parseFrontier(bytes.toString());
        expect(parseFrontier(formatFrontier(frontier))).toEqual(frontier);
      } catch (cause) {
        if (!(cause instanceof RangeError)) throw cause;
      }
    });
  });
});

test.each(['', ':', '1:', 'x:', '-1:', '1.5:', 'NaN:', '1e3:', '1e999:', 'Infinity:', '01:', '9007199254740993:', '3:AAAA'])('the frontier %j is refused', (text) => {
  expect(() => parseFrontier(text)).toThrow(RangeError);
});
