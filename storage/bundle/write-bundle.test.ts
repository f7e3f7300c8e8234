import { spawnSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ed25519PrivateKey } from '../../contracts/block.ts';
import { canonicalJson } from '../../contracts/canonical-json.ts';
import { signNote } from '../../contracts/checkpoint.ts';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { breachInput, DEPLOYMENT, EXPIRED_DEED, KEY, OLD_KEY, REDACTED_DEED, SITE, verifierOf } from './bundle-fixture.ts';
import { writeToDirectory } from './directory-sink.ts';
import type { ProvenEvidence } from './bundle-input.ts';
import { layDown, pickUp, signedAgain, written } from './written-fixture.ts';
import type { Files } from './written-fixture.ts';
import { verdictText, verifyBundle } from './verifier/verify.mjs';
import type { BundleVerdict } from './verifier/verify.mjs';

const PLAN = { seed: 7, deeds: 60, persons: 40 };
const TRUSTED = { keys: [verifierOf(KEY)] };
const THIEF = ed25519PrivateKey(Buffer.alloc(32, 99));

let good: Files;
const directories: string[] = [];
beforeAll(async () => {
  good = await written(breachInput(PLAN));
});
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

function laid(files: Files): string {
  const directory = layDown(files);
  directories.push(directory);
  return directory;
}

function verified(files: Files, options: Parameters<typeof verifyBundle>[1] = TRUSTED): BundleVerdict {
  return verifyBundle(laid(files), options);
}

function changed(change: (files: Files) => void): Files {
  const files: Files = new Map(good);
  change(files);
  return files;
}

function textOf(files: Files, name: string): string {
  return String(files.get(name));
}

/** Changes a row of an NDJSON file. */
function withRow(name: string, at: number, change: (row: Record<string, unknown>) => void): Files {
  return changed((files) => {
    const lines = textOf(files, name).split('\n');
    const row = JSON.parse(lines[at] ?? '') as Record<string, unknown>; // rows of bundles are objects
    change(row);
    lines[at] = JSON.stringify(row);
    files.set(name, Buffer.from(lines.join('\n')));
  });
}

test('a bundle holds, by the key that a checker brings along', () => {
  const { problems, facts } = verified(good);
  expect(problems).toEqual([]);
  expect(facts).toMatchObject({ site: 'clinic-shop', deployment: 'tourniquet-example', evidence: 60, deeds: 60, size: 123, anchored: true, files: good.size });
});

test('without a key it says that only the bundle vouches for itself', () => {
  const verdict = verified(good, {});
  expect(verdict).toMatchObject({ problems: [], facts: { anchored: false } });
  expect(verdictText(verdict)).toContain('Compare it with one you have from elsewhere');
});

test('the same input gives the same bytes', async () => {
  expect(await written(breachInput(PLAN))).toEqual(good);
  expect(await written(breachInput({ ...PLAN, seed: 8 }))).not.toEqual(good);
});

test('every object is written with sorted keys', () => {
  for (const [name, bytes] of good) {
    if (!name.endsWith('.ndjson')) continue;
    for (const line of bytes.toString().trimEnd().split('\n')) expect(line, name).toBe(canonicalJson(JSON.parse(line)));
  }
  expect(canonicalJson(JSON.parse(textOf(good, 'scope.json')))).toBe(textOf(good, 'scope.json').replaceAll('\n', ''));
});

test('redacted and expired lines hold by the words that were signed for them', () => {
  const rows = textOf(good, 'evidence.ndjson').split('\n');
  expect(rows[REDACTED_DEED]).toContain('redaction');
  expect(rows[EXPIRED_DEED]).toContain('"expired":"eeee');
  expect(rows[EXPIRED_DEED]).not.toContain('line');
});

test('one flipped bit in any file is found and its file and line are named', () => {
  const random = seededRandom(20_261_121);
  for (const [name, bytes] of good) {
    for (let round = 0; round < 8; round++) {
      const at = random.below(bytes.length);
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << random.below(8));
      const place = `${name} byte ${at}`;
      const { problems } = verified(changed((files) => files.set(name, flipped)));
      expect(problems.map(({ file }) => file), place).toContain(name);
      // The note signs itself as a whole; the keys and the manifest may be no JSON any more.
      if (['manifest.note', 'manifest.json', 'keys.json'].includes(name)) continue;
      // A line feed that came or went changes the line it stands at the end of.
      const line = bytes.subarray(0, at).toString('latin1').split('\n').length;
      expect(problems.find(({ file }) => file === name), place).toMatchObject({ at: line });
    }
  }
});

test.each([
  ['a file is missing', (files: Files) => files.delete('gaps.json'), 'gaps.json', 'is missing'],
  ['a file more', (files: Files) => files.set('rules/extra.json', Buffer.from('{}')), 'rules/extra.json', 'is not in the manifest'],
  ['the manifest is missing', (files: Files) => files.delete('manifest.json'), 'manifest.json', 'is missing'],
  ['the note is missing', (files: Files) => files.delete('manifest.note'), 'manifest.note', 'is missing'],
  ['the keys are missing', (files: Files) => files.delete('keys.json'), 'keys.json', 'is missing'],
  ['nothing is there', (files: Files) => files.clear(), 'keys.json', 'is missing'],
])('%s', (_what, change, file, message) => {
  expect(verified(changed(change)).problems).toContainEqual(expect.objectContaining({ file, message: expect.stringContaining(message) }));
});

test('lines that changed places, and a line that was dropped, are named', () => {
  const lines = textOf(good, 'timeline.ndjson').split('\n');
  const swapped = lines.with(4, lines[5] ?? '').with(5, lines[4] ?? '').join('\n');
  expect(verified(changed((files) => files.set('timeline.ndjson', Buffer.from(swapped)))).problems).toMatchObject([{ file: 'timeline.ndjson', at: 5 }]);
  expect(verified(changed((files) => files.set('timeline.ndjson', Buffer.from(lines.toSpliced(30, 1).join('\n'))))).problems).toMatchObject([{ file: 'timeline.ndjson', at: 31 }]);
  const cut = lines.slice(0, 50).map((line) => `${line}\n`).join('');
  expect(verified(changed((files) => files.set('timeline.ndjson', Buffer.from(cut)))).problems).toMatchObject([{ file: 'timeline.ndjson', at: 51 }]);
});

test('a changed line of the manifest is named', () => {
  const lines = textOf(good, 'manifest.json').split('\n');
  const at = lines.findIndex((line) => line.startsWith('"gaps.json"'));
  const forged = lines.with(at, (lines[at] ?? '').replace('"bytes":', '"bytes":1')).join('\n');
  expect(verified(changed((files) => files.set('manifest.json', Buffer.from(forged)))).problems).toContainEqual(expect.objectContaining({ file: 'manifest.json', at: at + 1 }));
});

describe('after a rotation', () => {
  test('who holds the key of before is led to the new one by its announcement', () => {
    expect(verified(good, { keys: [verifierOf(OLD_KEY)] })).toMatchObject({ problems: [], facts: { anchored: true } });
  });

  test('a checkpoint of before still holds for who gives the new key', async () => {
    const input = breachInput(PLAN);
    const [text = ''] = input.computed.note.split('\n\n');
    const computed = { ...input.computed, note: signNote(`${text}\n`, DEPLOYMENT, OLD_KEY) };
    expect(verified(await written({ ...input, computed })).problems).toEqual([]);
  });

  test('the old key alone signs no manifest for who gives the new one', async () => {
    expect(verified(await signedAgain(good, OLD_KEY)).problems).toMatchObject([{ file: 'manifest.note', message: expect.stringContaining('nor by one announced after it') }]);
  });

  test('an announcement of something else announces no key', async () => {
    const keys = JSON.parse(textOf(good, 'keys.json')) as { checkpoint: { announcement: string }[] }; // as written above
    const [, second] = keys.checkpoint;
    if (second === undefined) throw new Error('there are two keys');
    second.announcement = signNote(`${DEPLOYMENT}\nbundle\n${verifierOf(KEY)}\n`, DEPLOYMENT, OLD_KEY);
    expect(verified(await signedAgain(changed((files) => files.set('keys.json', Buffer.from(JSON.stringify(keys)))))).problems).toMatchObject([{ file: 'keys.json' }]);
  });
});

describe('another key', () => {
  test('cannot sign the manifest', async () => {
    expect(verified(await signedAgain(good, THIEF)).problems).toContainEqual({ file: 'manifest.note', at: 0, message: 'is not signed by an announced key, or was changed' });
  });

  test('put into keys.json with all signed anew, holds by itself, but not by the key of the checker', async () => {
    const keys = JSON.stringify({ deployment: 'tourniquet-example', checkpoint: [{ verifier: verifierOf(THIEF) }], expiry: '' });
    const forged = await signedAgain(changed((files) => files.set('keys.json', Buffer.from(keys))), THIEF);
    expect(verified(forged).problems).toContainEqual(expect.objectContaining({ file: 'manifest.note', message: expect.stringContaining('is not signed by a key given with --key') }));
  });

  test('that the one before did not announce is none', async () => {
    const keys = JSON.parse(textOf(good, 'keys.json')) as { checkpoint: { verifier: string }[] }; // as written above
    keys.checkpoint.push({ ...keys.checkpoint[1], verifier: verifierOf(THIEF) });
    const forged = await signedAgain(changed((files) => files.set('keys.json', Buffer.from(JSON.stringify(keys)))));
    expect(verified(forged).problems).toMatchObject([{ file: 'keys.json', message: expect.stringContaining('key 3') }]);
  });

  test('cannot hide a changed byte behind a second signature', () => {
    const note = textOf(good, 'manifest.note');
    const more = `${note}${note.slice(note.indexOf('\u2014')).replace('tourniquet-example', 'someone-else')}`;
    expect(verified(changed((files) => files.set('manifest.note', Buffer.from(more)))).problems).toMatchObject([{ file: 'manifest.note' }]);
  });
});

describe('what was signed, but does not follow from the evidence,', () => {
  test.each([
    ['a changed evidence line', withRowOf('evidence.ndjson', 7, (row) => (row['line'] = String(row['line']).replace('k.reader', 'someone'))), 'evidence.ndjson', 8],
    ['an evidence line with a leaf hash to fit', withRowOf('evidence.ndjson', 7, (row) => (row['hash'] = Buffer.alloc(32, 1).toString('base64'))), 'evidence.ndjson', 8],
    ['an evidence line in another place', withRowOf('evidence.ndjson', 7, (row) => (row['leaf'] = 15)), 'evidence.ndjson', 8],
    ['an evidence line received at another time', withRowOf('evidence.ndjson', 9, (row) => (row['receivedAtMs'] = 1)), 'evidence.ndjson', 10],
    ['a redaction without its word', withRowOf('evidence.ndjson', REDACTED_DEED, (row) => (row['line'] = '{}')), 'evidence.ndjson', REDACTED_DEED + 1],
    ['an expiry without its word', withRowOf('evidence.ndjson', EXPIRED_DEED, (row) => (row['expired'] = 'f'.repeat(24))), 'evidence.ndjson', EXPIRED_DEED + 1],
    ['an expiry that another key signed', withRowOf('expiries.ndjson', 0, (row) => (row['note'] = String(row['note']).replace('90 days', '91 days'))), 'expiries.ndjson', 1],
    ['a changed node of the proofs', withRowOf('proofs.ndjson', 0, (row) => (row['hash'] = Buffer.alloc(32, 1).toString('base64'))), 'evidence.ndjson', 1],
    ['a checkpoint of another size', withRowOf('checkpoints.ndjson', 0, (row) => (row['size'] = 122)), 'checkpoints.ndjson', 1],
    ['a newest checkpoint that does not continue', withRowOf('checkpoints.ndjson', 1, (row) => (row['consistency'] = [])), 'checkpoints.ndjson', 2],
    ['a deployment log that does not name the checkpoint', withRowOf('checkpoints.ndjson', 2, (row) => (row['nodes'] = [])), 'checkpoints.ndjson', 3],
    ['a deed of another time of receipt', withTwin('timeline.ndjson', 'deeds', 11, (row) => (row['receivedAtMs'] = 5)), 'timeline.ndjson', 12],
    ['a deed that no line says was refused', withTwin('timeline.ndjson', 'deeds', 10, (row) => (row['outcome'] = 'refused')), 'timeline.ndjson', 11],
    ['a deed without a line', withTwin('timeline.ndjson', 'deeds', 11, (row) => (row['leaf'] = 23)), 'timeline.ndjson', 12],
    ['a person whom no line names', withTwin('subjects.ndjson', 'subjects', 3, (row) => (row['subject'] = 'p'.repeat(24))), 'subjects.ndjson', 4],
    ['a person without a deed', withTwin('subjects.ndjson', 'subjects', 3, (row) => (row['evidence'] = [])), 'subjects.ndjson', 4],
    ['a person with a deed that is none', withTwin('subjects.ndjson', 'subjects', 3, (row) => (row['evidence'] = [1])), 'subjects.ndjson', 4],
    ['a person of whom more was read', withTwin('subjects.ndjson', 'subjects', 3, (row) => (row['read'] = 100)), 'subjects.ndjson', 4],
    ['a person at another time', withTwin('subjects.ndjson', 'subjects', 3, (row) => (row['firstMs'] = 5)), 'subjects.ndjson', 4],
    ['a link without its evidence', withTwin('links.ndjson', 'links', 1, (row) => (row['evidence'] = [99])), 'links.ndjson', 2],
    ['a total that does not add up', withScope((scope) => (scope['unnamedRecords'] = 1)), 'scope.json', 0],
    ['a class that more deeds are said to touch', withScope((scope) => (scope['classes'] = [{ name: 'pii.email', deeds: 1000 }])), 'scope.json', 0],
    ['a class that is left out', withScope((scope) => (scope['classes'] = [])), 'scope.json', 0],
    ['a scope of more leaves than are signed', withScope((scope) => (scope['treeSize'] = 1000)), 'scope.json', 0],
    ['a scope of another site', withScope((scope) => (scope['request'] = { site: 'other' })), 'scope.json', 0],
    ['a taking over that no line shows', withScope((scope) => (scope['takenOver'] = { leaf: 99 })), 'scope.json', 0],
    ['a list that its file does not say', withScope((scope) => (scope['links'] = [])), 'links.ndjson', 1],
    ['a gap that is not in the file', withScope((scope) => (scope['gaps'] = [])), 'gaps.json', 0],
    ['a rule set that is not there', withScope((scope) => (scope['rules'] = [{ version: 'ab' }])), 'rules/ab.json', 0],
    ['a batch that does not continue its chain', withRowOf('coverage.ndjson', 3, (row) => (row['previous_head'] = 'another')), 'coverage.ndjson', 4],
    ['a batch of another number of lines', withRowOf('coverage.ndjson', 2, (row) => (row['lines'] = 19)), 'coverage.ndjson', 0],
  ])('is found and named: %s', async (_what, change, file, at) => {
    expect(verified(await signedAgain(change())).problems).toContainEqual(expect.objectContaining({ file, at }));
  });

  test.each(Object.entries({ actor: 'somebody.else', session: 'other', address: '203.0.113.1', action: 'page-viewed', category: 'http', outcome: 'failure', atMs: 1_700_000_000_000 }))('a deed with another %s than its line is found and named', async (name, lie) => {
    const lying = withTwin('timeline.ndjson', 'deeds', 4, (row) => (row[name] = lie));
    expect(verified(await signedAgain(lying())).problems).toContainEqual({ file: 'timeline.ndjson', at: 5, message: `tells another ${name} than its line` });
  });

  test('a deed of which only the event was stored, as before the read model, may tell less than its line', async () => {
    const bare = { role: '', session: '', key: '', plugin: '', how: '', target: '', destination: '', classes: [], fields: [], records: 0, subjects: 0 };
    const deedThatFailed = 21;
    expect(verified(await signedAgain(withTwin('timeline.ndjson', 'deeds', deedThatFailed, (row) => Object.assign(row, bare))())).problems).toEqual([]);
    expect(verified(await signedAgain(withTwin('timeline.ndjson', 'deeds', deedThatFailed, (row) => Object.assign(row, bare, { subjects: 1 }))())).problems).toMatchObject([{ file: 'timeline.ndjson', at: deedThatFailed + 1 }]);
  });

  function withRowOf(name: string, at: number, change: (row: Record<string, unknown>) => void): () => Files {
    return () => withRow(name, at, change);
  }
  function withScope(change: (scope: Record<string, unknown>) => void): () => Files {
    return () => changed((files) => {
      const scope = JSON.parse(textOf(files, 'scope.json')) as Record<string, unknown>; // scope.json is an object
      change(scope);
      files.set('scope.json', Buffer.from(JSON.stringify(scope)));
    });
  }
  /** A row of scope.json and of its file: the two agree. */
  function withTwin(name: string, list: string, at: number, change: (row: Record<string, unknown>) => void): () => Files {
    return () => {
      const files = withRow(name, at, change);
      const scope = JSON.parse(textOf(files, 'scope.json')) as Record<string, unknown>; // as above
      return files.set('scope.json', Buffer.from(JSON.stringify({ ...scope, [list]: textOf(files, name).trimEnd().split('\n').map((line) => JSON.parse(line) as unknown) })));
    };
  }
});

describe('a statement of where data went', () => {
  const json = '{"v":1,"site":"clinic-shop"}\n';
  const signed = (of: string, kind = 'data-flow'): string => signNote(`${DEPLOYMENT}\n${kind}\n${SITE}\nsha256 ${hash('sha256', of, 'base64')}\nNo personal data left.\n`, DEPLOYMENT, KEY);

  test('comes along, signed', async () => {
    expect(verified(await written({ ...breachInput(PLAN), statement: { json, text: signed(json) } })).problems).toEqual([]);
  });

  test.each([['for another text', signed('{}')], ['as something else', signed(json, 'bundle')], ['by nobody', 'x\n\n\u2014 x AAAAAAAA\n']])('that was signed %s is found', async (_what, text) => {
    expect(verified(await written({ ...breachInput(PLAN), statement: { json, text } })).problems).toMatchObject([{ file: 'statement.note' }]);
  });
});

describe('a hostile bundle', () => {
  test.each([
    ['scope.json', '['.repeat(200_000)],
    ['scope.json', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
    ['scope.json', 'null'],
    ['scope.json', '{"request":{"site":"clinic-shop"},"deeds":5,"links":{},"subjects":"x"}'],
    ['timeline.ndjson', `{"leaf":${'9'.repeat(3_000_000)}}\n`],
    ['evidence.ndjson', '{"leaf":-1}\n'],
    ['evidence.ndjson', '{"leaf":0,"__proto__":{"expired":"x"}}\n'],
    ['evidence.ndjson', '7\n'],
    ['checkpoints.ndjson', '{"kind":"__proto__"}\n'],
    ['coverage.ndjson', '{"lines":"many"}\n'],
    ['proofs.ndjson', '{"level":1e308,"index":-1,"hash":7}\n'],
  ])('of odd %s is refused, and nothing is thrown', async (name, text) => {
    const { problems } = verified(await signedAgain(changed((files) => files.set(name, Buffer.from(text)))));
    expect(problems.length).toBeGreaterThan(0);
  });

  test('with a link in the place of a file is refused', () => {
    const directory = laid(changed((files) => files.delete('gaps.json')));
    symlinkSync('/etc/hostname', path.join(directory, 'gaps.json'));
    expect(verifyBundle(directory, TRUSTED).problems).toMatchObject([{ file: 'gaps.json', message: expect.stringContaining('link') }]);
  });

  test('with names of our making cannot write control characters to a terminal', () => {
    const directory = laid(good);
    writeFileSync(path.join(directory, 'a\u001b[31mb'), '');
    expect(verdictText(verifyBundle(directory, TRUSTED))).toMatch(/^[\n -~]*$/);
  });
});

describe('a checkpoint that the checker held', () => {
  test.each([0, 1])('agrees when it is one of the two', (row) => {
    const checkpoint = (JSON.parse(textOf(good, 'checkpoints.ndjson').split('\n')[row] ?? '') as { note: string }).note; // rows hold notes
    expect(verified(good, { ...TRUSTED, checkpoint }).problems).toEqual([]);
  });

  test('is found in an export of many logs and sizes', () => {
    const own = textOf(good, 'checkpoints.ndjson').split('\n')[0] ?? '';
    const others = textOf(good, 'checkpoints.ndjson').split('\n')[2] ?? '';
    expect(verified(good, { ...TRUSTED, checkpoint: `${others}\n${own}\n` }).problems).toEqual([]);
    expect(verified(good, { ...TRUSTED, checkpoint: `${others}\n` }).problems).toMatchObject([{ message: expect.stringContaining('cannot be compared') }]);
    expect(verified(good, { ...TRUSTED, checkpoint: `${own}\n{torn` }).problems).toEqual([]);
    expect(verified(good, { ...TRUSTED, checkpoint: own.replace(/clinic-shop\\n\d+/, 'clinic-shop\\n7') }).problems).toMatchObject([{ message: expect.stringContaining('not signed') }]);
  });

  test('of the same size and another root is a second history', async () => {
    const other = await written(breachInput({ ...PLAN, seed: 8 }));
    const checkpoint = (JSON.parse(textOf(other, 'checkpoints.ndjson').split('\n')[0] ?? '') as { note: string }).note; // as above
    expect(verified(good, { ...TRUSTED, checkpoint }).problems).toMatchObject([{ file: '--checkpoint', message: expect.stringContaining('two histories') }]);
    expect(verified(good, { ...TRUSTED, checkpoint: checkpoint.replace('\n123\n', '\n122\n') }).problems).toMatchObject([{ file: '--checkpoint' }]);
  });
});

test('evidence that does not lead to the checkpoint is not written', async () => {
  const input = breachInput(PLAN);
  const all = (await Array.fromAsync(input.evidence)).flat();
  const [first, second] = all;
  if (first === undefined || second === undefined) throw new Error('the breach has deeds');
  const writtenOf = (...evidence: readonly ProvenEvidence[]): Promise<Files> => written({ ...input, evidence: (async function* () { yield evidence; })() });
  expect([...(await writtenOf(...all)).keys()]).toEqual([...good.keys()]);
  const wrong = { ...first, proof: { ...first.proof, leafHash: Buffer.alloc(32, 5) } };
  const swapped = { evidence: first.evidence, proof: second.proof };
  for (const evidence of [all.with(0, wrong), all.with(0, swapped), all.slice(1), all.slice(0, -1), all.with(1, first), []]) await expect(writtenOf(...evidence)).rejects.toMatchObject({ code: 'TQ-STORAGE-50' });
});

test('the verifier in the bundle runs alone, and its exit code tells', async () => {
  const directory = laid(good);
  rmSync(directory, { recursive: true });
  await writeToDirectory(directory, async (sink) => {
    for (const [name, bytes] of good) await sink.write(name, (async function* () { yield bytes.toString(); })());
  });
  expect(pickUp(directory)).toEqual(new Map([...good].toSorted(([a], [b]) => (a < b ? -1 : 1))));
  const run = (...options: readonly string[]): ReturnType<typeof spawnSync> => spawnSync(process.execPath, [path.join(directory, 'verify.mjs'), ...options], { cwd: '/', env: {}, encoding: 'utf8' });
  expect(run('--key', verifierOf(KEY))).toMatchObject({ status: 0, stdout: expect.stringContaining('Everything holds') });
  expect(run('--key', 'nonsense')).toMatchObject({ status: 2 });
  expect(run('--nonsense')).toMatchObject({ status: 2 });
  writeFileSync(path.join(directory, 'gaps.json'), '[]\n');
  expect(run()).toMatchObject({ status: 1, stdout: expect.stringContaining('PROBLEM  gaps.json, line 1') });
  expect(JSON.parse(String(run('--json').stdout))).toMatchObject({ problems: [{ file: 'gaps.json', at: 1 }] });
});
