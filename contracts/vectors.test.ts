import { verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { certificateHolds, certificateText, ed25519PrivateKey, ed25519PublicKey, headerSignatureHolds, parseBlockHeader, rawPublicKey, signedText, signHeader } from './block.ts';
import type { BlockHeader, KeyCertificate } from './block.ts';
import { commitment, extendHead, GENESIS_HEAD } from './chain.ts';
import { checkpointText, formatVerifier, openNote, parseCheckpoint, parseVerifier, signNote } from './checkpoint.ts';
import { commandText, REFUSALS, refusalOf, signCommand } from './command.ts';
import type { CommandRefusal, SignedCommand } from './command.ts';
import { partitionOf } from './event-log.ts';
import { envelopePrefix, leafHash } from './leaf.ts';
import type { LeafEnvelope } from './leaf.ts';
import { isBoxKey, mailboxHash, mailboxSecret, openLetter, sealLetter } from './letter.ts';
import { MAX_LINE_BYTES } from './limits.ts';
import { LINE_STATUS } from './line-status.ts';
import type { LineStatus } from './line-status.ts';
import { encodeRecordHead, frameRecord, parseRecord } from './log-record.ts';
import type { RecordHead } from './log-record.ts';
import { findMasks, formatMask } from './masked-span.ts';
import { appendLeaf, EMPTY_FRONTIER, formatFrontier, parseFrontier, rootOf } from './merkle.ts';
import { createHash } from 'node:crypto';
import { isName } from './names.ts';
import { receiptHolds, receiptsText, receiptText, signReceipts } from './receipt.ts';
import type { Receipt, ReceiptFacts } from './receipt.ts';
import { seededRandom } from './seeded-random.ts';
import { formatEnrolment, parseEnrolment } from './site.ts';
import { x25519PrivateKey, x25519PublicBytes } from './sealed-key.ts';
import { normalise, tokenOf } from './token.ts';
import type { IdentifierKind } from './token.ts';
import { vectorJson, vectorRows } from './reference-data.ts';

// The casts state the shape of our own vector files; contracts/README.md says it in words.

test('names are accepted and refused as the vectors say', () => {
  for (const { name, valid } of vectorRows('names.ndjson') as readonly { name: string; valid: boolean }[]) expect([name, isName(name)]).toEqual([name, valid]);
});

test('the line vectors name known statuses, all of them, and agree with what Node says of the bytes', () => {
  const rows = vectorRows('line-status.ndjson') as readonly { bytes: string; status: LineStatus }[];
  expect(new Set(rows.map((r) => r.status))).toEqual(new Set(LINE_STATUS));
  for (const { bytes, status } of rows) {
    const line = Buffer.from(bytes, 'base64');
    expect(line.length > MAX_LINE_BYTES).toBe(status === 'too_long');
    if (status !== 'too_long') expect(Buffer.from(line.toString()).equals(line)).toBe(status !== 'not_utf8');
    if (['ok', 'not_object', 'too_deep', 'too_many_keys', 'duplicate_key'].includes(status)) expect(() => JSON.parse(line.toString()) as unknown).not.toThrow();
    if (status === 'not_json') expect(() => JSON.parse(line.toString()) as unknown).toThrow();
  }
});

test('the chain is the vectors', () => {
  let head: Buffer = GENESIS_HEAD;
  for (const row of vectorRows('chain.ndjson') as readonly Record<'nonce' | 'line' | 'previous_head' | 'commitment' | 'head', string>[]) {
    expect(head.toString('base64url')).toBe(row.previous_head);
    const c = commitment(Buffer.from(row.nonce, 'base64url'), Buffer.from(row.line, 'base64'));
    head = extendHead(head, c);
    expect([c.toString('base64url'), head.toString('base64url')]).toEqual([row.commitment, row.head]);
  }
});

describe('the block vectors', () => {
  const v = vectorJson('block.json') as {
    seed: string; public_key: string; successor_seed: string; body: { bytes: string };
    certificate: { site: string; certificate: KeyCertificate; signed_text: string };
    blocks: readonly { header: BlockHeader; signed_text: string }[];
  };
  const keys = [v.seed, v.successor_seed].map((seed) => ed25519PrivateKey(Buffer.from(seed, 'hex')));

  test('have the signed text and signature that we make, and parse', () => {
    for (const { header, signed_text } of v.blocks) {
      const key = keys.find((k) => rawPublicKey(k).toString('base64url') === header.key);
      expect(signedText(header)).toBe(signed_text);
      expect(parseBlockHeader(JSON.stringify(header))).toEqual({ ok: true, header });
      expect(headerSignatureHolds(header, ed25519PublicKey(header.key))).toBe(true);
      if (key === undefined) throw new Error('a block is signed by an unknown key');
      const { signature: _, ...unsigned } = header;
      expect(signHeader(unsigned, key)).toEqual(header);
    }
  });

  test('no longer hold when a signed field changes', () => {
    for (const { header } of v.blocks) {
      for (const change of [{ site: 'other' }, { stream: 'x' }, { epoch: 99 }, { first_seq: 5 }, { lines: 9 }, { head: header.previous_head.replace(/^./, 'B') }, { seen_checkpoint: '1:x' }]) {
        expect(headerSignatureHolds({ ...header, ...change }, ed25519PublicKey(header.key))).toBe(false);
      }
    }
  });

  test('hold a certificate that vouches for this site only', () => {
    const { site, certificate, signed_text } = v.certificate;
    expect(certificateText(site, certificate)).toBe(signed_text);
    expect(certificateHolds(site, certificate)).toBe(true);
    expect(certificateHolds('shop-2', certificate)).toBe(false);
    expect(certificateHolds(site, { ...certificate, key: certificate.by })).toBe(false);
  });

  test('travel as a header line and lines with nonces', () => {
    const [first, ...lines] = Buffer.from(v.body.bytes, 'base64').toString().split('\n');
    expect(parseBlockHeader(first ?? '')).toEqual({ ok: true, header: v.blocks[0]?.header });
    expect(lines).toHaveLength(5);
  });
});

describe('receipts', () => {
  const v = vectorJson('receipt.json') as { seed: string; leaf_texts: readonly string[]; batches: readonly { root: string; signed_text: string; receipts: readonly Receipt[] }[] };
  const privateKey = ed25519PrivateKey(Buffer.from(v.seed, 'hex'));
  const key = rawPublicKey(privateKey).toString('base64url');
  const publicKey = ed25519PublicKey(key);
  const facts = (i: number): ReceiptFacts => ({ site: `shop-${i}`, stream: 'audit', epoch: 1, first_seq: i, lines: 1, head: 'A'.repeat(43), received_at: 1_792_000_000_000, dead_letters: 0 });
  /** The root by `merkle.ts`, which builds trees in another way. */
  const rootOver = (texts: readonly string[]): string => {
    const leaves = texts.map((text) => createHash('sha256').update('\0').update(text).digest());
    return rootOf(leaves.reduce(appendLeaf, EMPTY_FRONTIER)).toString('base64url');
  };

  test('have the texts, roots and signatures of the vectors', () => {
    for (const { root, signed_text, receipts } of v.batches) {
      const texts = v.leaf_texts.slice(0, receipts.length);
      expect(receipts.map(receiptText)).toEqual(texts);
      expect(rootOver(texts)).toBe(root);
      expect(receiptsText(key, receipts.length, root)).toBe(signed_text);
      expect(verify(null, Buffer.from(signed_text), publicKey, Buffer.from(receipts[0]?.signature ?? '', 'base64url'))).toBe(true);
      const bare = receipts.map(({ site, stream, epoch, first_seq, lines, head, received_at, dead_letters }) => ({ site, stream, epoch, first_seq, lines, head, received_at, dead_letters }));
      expect(signReceipts(bare, key, privateKey)).toEqual(receipts);
      for (const receipt of receipts) expect(receiptHolds(receipt, publicKey)).toBe(true);
    }
  });

  test('lead to the root of RFC 6962 from every place of trees of every size up to 40, and from no other place', () => {
    for (let size = 1; size <= 40; size++) {
      const batch = Array.from({ length: size }, (_, i) => facts(i));
      const root = rootOver(batch.map(receiptText));
      const receipts = signReceipts(batch, key, privateKey);
      expect(verify(null, Buffer.from(receiptsText(key, size, root)), publicKey, Buffer.from(receipts[0]?.signature ?? '', 'base64url'))).toBe(true);
      for (const receipt of receipts) {
        expect([size, receipt.index, receiptHolds(receipt, publicKey)]).toEqual([size, receipt.index, true]);
        expect(receiptHolds({ ...receipt, index: (receipt.index + 1) % (size + 1) }, publicKey)).toBe(false);
      }
    }
  });

  test('no longer hold when anything of them changes', () => {
    const [, , receipt] = v.batches.at(-1)?.receipts ?? [];
    if (receipt === undefined) throw new Error('the vectors hold no batch of three');
    const hash = receipt.path[0] ?? '';
    const changes: readonly Partial<Receipt>[] = [
      { site: 'shop-9' }, { stream: 'x' }, { epoch: 2 }, { first_seq: 9 }, { lines: 5 }, { head: 'A'.repeat(43) }, { received_at: 1 }, { dead_letters: 7 },
      { key: 'A'.repeat(43) }, { signature: 'A'.repeat(86) }, { signature: '' }, { size: 4 }, { size: 6 }, { size: 0 }, { size: 5.5 }, { size: Number.NaN }, { size: 2 ** 53 }, { index: 0 }, { index: -1 }, { index: 2.5 }, { index: 5 },
      { path: [] }, { path: receipt.path.slice(1) }, { path: receipt.path.toReversed() }, { path: [...receipt.path, hash] }, { path: [`${hash}A`] }, { path: receipt.path.with(0, '') },
    ];
    for (const change of changes) expect([change, receiptHolds({ ...receipt, ...change }, publicKey)]).toEqual([change, false]);
  });
});

describe('commands', () => {
  const v = vectorJson('command.json') as {
    seed: string; public_key: string; site: string; now: number; highest_counter: number;
    commands: readonly { name: string; command: SignedCommand; verdict: 'taken' | CommandRefusal; text?: string }[];
  };
  const key = ed25519PrivateKey(Buffer.from(v.seed, 'hex'));
  const reader = { site: v.site, key: v.public_key, publicKey: ed25519PublicKey(v.public_key), highestCounter: v.highest_counter, nowMs: v.now };
  const taken = v.commands.filter((row) => row.verdict === 'taken');

  test('are taken or refused as the vectors say, for every reason', () => {
    expect(rawPublicKey(key).toString('base64url')).toBe(v.public_key);
    for (const { name, command, verdict } of v.commands) expect([name, refusalOf(command, reader) ?? 'taken']).toEqual([name, verdict]);
    expect(new Set(v.commands.map((row) => row.verdict))).toEqual(new Set(['taken', ...REFUSALS]));
  });

  test('have the signed text and signature that we make', () => {
    for (const { command, text } of taken) {
      const { key: _, signature: __, ...unsigned } = command;
      expect(commandText(command)).toBe(text);
      expect(signCommand(unsigned, v.public_key, key)).toEqual(command);
    }
  });

  test('of which anything was changed are taken by nobody (seed 20261121)', () => {
    const random = seededRandom(20_261_121);
    const values: readonly unknown[] = ['', 'shop', 0, 1, -1, 2 ** 53, 1e300, null, true, [], {}, 'enforce', 'undo', '\n', '\u0000', '\ud800', '__proto__', 'A'.repeat(43), 'A'.repeat(86)];
    for (let i = 0; i < 5_000; i++) {
      const { command } = random.pick(taken);
      const name = random.pick([...Object.keys(command), 'extra']);
      const changed = { ...command, [name]: random.pick(values) };
      if (JSON.stringify(changed) === JSON.stringify(command)) continue;
      expect([name, changed, refusalOf(JSON.parse(JSON.stringify(changed)), reader)]).toEqual([name, changed, expect.any(String)]);
    }
  });

  test('that say too much or too little are not signed', () => {
    const [first] = taken;
    if (first === undefined) throw new Error('the vectors hold no good command');
    for (const change of [{ reason: 'a\nb' }, { counter: 0 }, { target: '' }, { lasts_s: 1e9 }]) expect(() => signCommand({ ...first.command, ...change }, v.public_key, key)).toThrow(TypeError);
  });
});

describe('letters', () => {
  const v = vectorJson('letter.json') as Record<'box_private' | 'box_public' | 'box_key' | 'mailbox_secret' | 'mailbox_hash', string> & {
    letters: readonly { name: string; box_private: string; site: string; key_epoch: number; sealed: string; ephemeral_private?: string; token_key: string | null }[];
  };

  test('open for their box, site and epoch alone, and are sealed as the vectors say', () => {
    for (const { name, box_private, site, key_epoch, sealed, ephemeral_private, token_key } of v.letters) {
      const box = x25519PrivateKey(Buffer.from(box_private, 'hex'));
      expect([name, openLetter(sealed, box, site, key_epoch)?.toString('hex') ?? null]).toEqual([name, token_key]);
      if (token_key === null || ephemeral_private === undefined) continue;
      expect(sealLetter(Buffer.from(token_key, 'hex'), x25519PublicBytes(box), site, key_epoch, x25519PrivateKey(Buffer.from(ephemeral_private, 'hex')))).toBe(sealed);
      expect(sealLetter(Buffer.from(token_key, 'hex'), x25519PublicBytes(box), site, key_epoch)).not.toBe(sealed);
    }
  });

  test('a box shows the secret and hash of the vectors, and a point of low order is no box', () => {
    const box = Buffer.from(v.box_private, 'hex');
    expect(x25519PublicBytes(x25519PrivateKey(box)).toString('hex')).toBe(v.box_public);
    expect(Buffer.from(v.box_public, 'hex').toString('base64url')).toBe(v.box_key);
    expect([mailboxSecret(box), mailboxHash(v.mailbox_secret)]).toEqual([v.mailbox_secret, v.mailbox_hash]);
    expect([isBoxKey(Buffer.from(v.box_public, 'hex')), isBoxKey(new Uint8Array(32)), isBoxKey(Uint8Array.of(1, ...new Uint8Array(31))), isBoxKey(new Uint8Array(31))]).toEqual([true, false, false, false]);
  });
});

test('leaves hash the envelope of the vectors', () => {
  for (const { envelope, line, text, hash } of vectorRows('leaf.ndjson') as readonly { envelope: LeafEnvelope; line: string; text: string; hash: string }[]) {
    expect(`${envelopePrefix(envelope)}${envelope.seq}\n${line}`).toBe(text);
    expect(leafHash(envelope, Buffer.from(line)).toString('hex')).toBe(hash);
  }
});

test('frontiers and roots are the vectors at each size', () => {
  const rows = new Map((vectorRows('merkle.ndjson') as readonly { size: number; frontier: string; root: string }[]).map((r) => [r.size, r]));
  let frontier = EMPTY_FRONTIER;
  for (let i = 0; i <= 129; i++) {
    const row = rows.get(i);
    if (row !== undefined) {
      expect([formatFrontier(frontier), rootOf(frontier).toString('hex')]).toEqual([row.frontier, row.root]);
      expect(parseFrontier(row.frontier)).toEqual(frontier);
      rows.delete(i);
    }
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(i);
    frontier = appendLeaf(frontier, createHash('sha256').update('\0').update(bytes).digest());
  }
  expect(rows.size).toBe(0);
});

test('identifiers are brought to the spelling and token of the vectors', () => {
  for (const row of vectorRows('token.ndjson') as readonly { site_key: string; kind: IdentifierKind; value: string; normalised: string; token: string }[]) {
    expect([row.value, normalise(row.kind, row.value)]).toEqual([row.value, row.normalised]);
    expect(tokenOf(Buffer.from(row.site_key, 'hex'), row.kind, row.value)).toBe(row.token);
  }
});

test('masks are found where the vectors say, and written the same', () => {
  for (const { text, masks } of vectorRows('masks.ndjson') as readonly { text: string; masks: readonly [string, string][] }[]) {
    expect([text, findMasks(text)]).toEqual([text, masks.map(([dataClass, token]) => ({ dataClass, token }))]);
    for (const [dataClass, token] of masks) expect(text).toContain(formatMask(dataClass, token));
  }
});

test('the checkpoint is the vector, byte for byte', () => {
  const v = vectorJson('checkpoint.json') as Record<'seed' | 'origin' | 'root' | 'text' | 'verifier' | 'note', string> & { size: number };
  const key = ed25519PrivateKey(Buffer.from(v.seed, 'hex'));
  const checkpoint = { origin: v.origin, size: v.size, root: Buffer.from(v.root, 'hex'), extensions: [] };
  expect(checkpointText(checkpoint)).toBe(v.text);
  expect(parseCheckpoint(v.text)).toEqual(checkpoint);
  expect(formatVerifier(v.origin, key)).toBe(v.verifier);
  expect(signNote(v.text, v.origin, key)).toBe(v.note);
  const verifier = parseVerifier(v.verifier);
  if (verifier === undefined) throw new Error('the verifier of the vector does not parse');
  expect(openNote(v.note, [verifier])).toEqual({ text: v.text, verifiedBy: [v.origin] });
  expect(verify(null, Buffer.from(v.text), verifier.publicKey, Buffer.from(v.note.trimEnd().split(' ').at(-1) ?? '', 'base64').subarray(4))).toBe(true);
});

test('enrolment lines are read and written as the vectors say', () => {
  for (const row of vectorRows('enrolment.ndjson') as readonly { line: string; site: string | null; secret_bytes: string; gateway_url: string }[]) {
    if (row.site === null) {
      expect([row.line, parseEnrolment(row.line)]).toEqual([row.line, undefined]);
      continue;
    }
    const secret = Buffer.from(row.secret_bytes, 'hex').toString('base64url');
    expect(formatEnrolment(row.site, secret, row.gateway_url)).toBe(row.line);
    expect(parseEnrolment(`  ${row.line}\n`)).toEqual({ site: row.site, secret, gatewayUrl: row.gateway_url });
  }
});

test('records are framed and read as the vectors say', () => {
  for (const row of vectorRows('record.ndjson') as readonly { head: RecordHead | null; sealed: string; record: string }[]) {
    const record = Buffer.from(row.record, 'base64');
    const parsed = parseRecord(record);
    if (row.head === null) {
      expect([row.record, parsed]).toEqual([row.record, undefined]);
      continue;
    }
    expect(frameRecord(encodeRecordHead(row.head), Buffer.from(row.sealed, 'base64'))).toEqual(record);
    expect([parsed?.head, parsed?.sealed.toString('base64')]).toEqual([row.head, row.sealed]);
  }
});

test('sites go to the partitions of the vectors', () => {
  for (const { site, partitions, partition } of vectorRows('partition.ndjson') as readonly { site: string; partitions: number; partition: number }[]) {
    expect([site, partitions, partitionOf(site, partitions)]).toEqual([site, partitions, partition]);
  }
});
