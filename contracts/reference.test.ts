import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { openNote, parseCheckpoint, parseNote, parseVerifier } from './checkpoint.ts';
import { appendLeaf, EMPTY_FRONTIER, EMPTY_ROOT, hashChildren, rootOf } from './merkle.ts';
import { corpusText, rowsOf } from './reference-data.ts';

// The casts state the shapes that the corpora's README gives.
const hashLeaf = (data: Uint8Array): Buffer => createHash('sha256').update('\0').update(data).digest();

test('RFC 6962 goldens: hashes and roots', ({ skip }) => {
  const text = corpusText('merkle/rfc6962.json') ?? skip();
  const golden = JSON.parse(text) as { hasher: readonly { op: string; want: string; data_hex?: string; left_hex?: string; right_hex?: string }[]; leaves_hex: readonly string[]; root_by_size: readonly string[] };
  for (const { op, want, data_hex = '', left_hex = '', right_hex = '' } of golden.hasher) {
    const hash = op === 'emptyRoot' ? EMPTY_ROOT : op === 'hashLeaf' ? hashLeaf(Buffer.from(data_hex, 'hex')) : hashChildren(Buffer.from(left_hex, 'hex'), Buffer.from(right_hex, 'hex'));
    expect(hash.toString('hex')).toBe(want);
  }
  const roots = [rootOf(EMPTY_FRONTIER).toString('hex')];
  let frontier = EMPTY_FRONTIER;
  for (const leaf of golden.leaves_hex) {
    frontier = appendLeaf(frontier, hashLeaf(Buffer.from(leaf, 'hex')));
    roots.push(rootOf(frontier).toString('hex'));
  }
  expect(roots.slice(-golden.root_by_size.length)).toEqual(golden.root_by_size);
});

test('roots of trees up to 33 single-byte leaves', ({ skip }) => {
  const rows = rowsOf(corpusText('merkle/own-proofs.ndjson') ?? skip()) as readonly { kind: string; size: number; root: string }[];
  const roots = rows.filter((r) => r.kind === 'root');
  expect(roots.length).toBeGreaterThan(30);
  for (const { size, root } of roots) {
    let frontier = EMPTY_FRONTIER;
    for (let i = 0; i < size; i++) frontier = appendLeaf(frontier, hashLeaf(Uint8Array.of(i)));
    expect(rootOf(frontier).toString('hex')).toBe(root);
  }
});

test('checkpoint bodies are accepted and refused as the specification says', ({ skip }) => {
  for (const { id, text, valid } of rowsOf(corpusText('merkle/checkpoints.ndjson') ?? skip()) as readonly { id: string; text: string; valid: boolean }[]) {
    expect([id, parseCheckpoint(text) !== undefined]).toEqual([id, valid]);
  }
});

test('signed notes open for the verifiers that signed', ({ skip }) => {
  for (const row of rowsOf(corpusText('merkle/signed-notes.ndjson') ?? skip()) as readonly { id: string; note: string; vkeys: readonly string[]; valid: boolean; verified_by: readonly string[] }[]) {
    const verifiers = row.vkeys.map(parseVerifier).filter((v) => v !== undefined);
    const opened = openNote(row.note, verifiers);
    expect([row.id, opened !== undefined, opened?.verifiedBy.toSorted() ?? []]).toEqual([row.id, row.valid, row.verified_by.toSorted()]);
  }
});

test("the specifications' own examples parse", ({ skip }) => {
  const examples = JSON.parse(corpusText('merkle/c2sp-examples.json') ?? skip()) as { signed_note: { text: string; vkey: string }; checkpoint: string; cosigned_checkpoint: string };
  const verifier = parseVerifier(examples.signed_note.vkey);
  expect(openNote(examples.signed_note.text, verifier === undefined ? [] : [verifier])?.verifiedBy).toEqual(['example.com/foo']);
  for (const [note, signatures] of [[examples.checkpoint, 1], [examples.cosigned_checkpoint, 2]] as const) {
    const parsed = parseNote(note);
    expect(parsed?.signatures).toHaveLength(signatures);
    expect(parseCheckpoint(parsed?.text ?? '')).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20_852_163 });
  }
});
