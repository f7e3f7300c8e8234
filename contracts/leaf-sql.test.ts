import { query } from 'chdb';
import { expect, test } from 'vitest';
import { LEAF_SQL } from './leaf.ts';
import type { LeafEnvelope } from './leaf.ts';
import { vectorRows } from './reference-data.ts';

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

test('the ClickHouse engine computes the leaf hashes of the vectors from the columns', () => {
  // The cast states the shape of our own vector file.
  const rows = vectorRows('leaf.ndjson') as readonly { envelope: LeafEnvelope; line: string; hash: string }[];
  const values = rows.map(({ envelope: e, line }) =>
    `(${quoted(e.site)}, ${quoted(e.stream)}, ${e.epoch}, fromUnixTimestamp64Milli(toInt64(${e.receivedAtMs}), 'UTC'), ${quoted(e.provenance)}, ${e.derivation}, ${e.seq}, ${quoted(line)})`);
  const shape = "site LowCardinality(String), stream LowCardinality(String), epoch UInt32, received_at DateTime64(3, \\'UTC\\'), provenance LowCardinality(String), derivation UInt16, seq UInt64, line String";
  const answer: unknown = query(`SELECT lower(hex(${LEAF_SQL})) AS hash FROM values('${shape}', ${values.join(', ')})`, 'JSONCompactColumns');
  // One column of text, as asked for.
  const [hashes] = JSON.parse(String(answer)) as readonly (readonly string[])[];
  expect(hashes).toEqual(rows.map((r) => r.hash));
});
