import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { readRuleSources } from '../../detect/rule-set/read-sources.ts';
import { addCanary, listCanaries, removeCanary } from './canary.ts';
import { fingerprint, registerFiles } from './fingerprint.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'tourniquet-planted-'));
const packs = path.join(folder, 'packs');
const home = process.env['TOURNIQUET_HOME'];
const KEY = Buffer.alloc(32, 5);
const TEXT = Array.from({ length: 40 }, (_, i) => `QX-${1000 + i * 37};${['lamp', 'clock', 'chair', 'shelf', 'stool'][i % 5] ?? ''} number ${i};${i * 13 + 7}.95`).join('\n');
let out = '';

function file(name: string, content: string | Buffer): string {
  const at = path.join(folder, name);
  writeFileSync(at, content);
  return at;
}

beforeAll(() => {
  process.env['TOURNIQUET_HOME'] = folder;
});
beforeEach(() => {
  out = '';
  rmSync(packs, { recursive: true, force: true });
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true));
});
afterEach(() => {
  vi.restoreAllMocks();
});
afterAll(() => {
  if (home === undefined) delete process.env['TOURNIQUET_HOME'];
  else process.env['TOURNIQUET_HOME'] = home;
  rmSync(folder, { recursive: true });
});

describe('canary', () => {
  test('add prints what to plant and has it looked for', async () => {
    expect(await addCanary({ kind: 'customer', name: 'bait', site: 'clinic' })).toBe(0);
    expect(out).toMatch(/^Canary bait\. Put these values where nobody has reason to read them, in clinic:\n\n {2}Name {5}\S+ \S+\n {2}E-mail {3}\S+@\S+\.example\n {2}Phone {4}\+1 \d{3} 555 01\d\d\n/);
    const { signatures } = await readRuleSources({ packs: [], added: [packs] });
    expect(signatures.map(({ id }) => id)).toEqual(['address', 'email', 'name', 'phone'].map((part) => `tourniquet.canary.customer-bait-${part}`));
  });

  test('add --json gives the values by name', async () => {
    await addCanary({ kind: 'order', json: true });
    expect(JSON.parse(out)).toEqual({ name: expect.stringMatching(/^order-[0-9a-f]{6}$/), kind: 'order', values: { number: expect.stringMatching(/^9\d{9}$/), key: expect.stringMatching(/^wc_order_\w{13}$/) } });
  });

  test('list shows all, remove takes one out', async () => {
    await addCanary({ kind: 'product', name: 'lamp' });
    await addCanary({ kind: 'key', name: 'till-key' });
    out = '';
    await listCanaries({});
    expect(out).toMatch(/^NAME {6}KIND {6}VALUES\nlamp {6}product {3}[A-Z]{3}-\d{4}-[A-Z]{2}\d\d, .*\ntill-key {2}key {7}ck_/);
    await removeCanary('lamp');
    out = '';
    await listCanaries({ json: true });
    expect(out.trim().split('\n').map((line) => (JSON.parse(line) as { name: string }).name)).toEqual(['till-key']); // one object a line
  });

  test.each([
    [() => addCanary({ kind: 'visitor' }), '--kind is one of customer, order, key, product'],
    [() => addCanary({ kind: 'order', name: 'Not this' }), '--name "Not this" must be lower-case letters'],
    [() => addCanary({ kind: 'order', name: 'one' }).then(() => addCanary({ kind: 'key', name: 'one' })), 'there is a canary one already'],
    [() => removeCanary('nobody'), 'there is no canary nobody'],
  ])('says what is wrong %#', async (act, said) => {
    await expect(act()).rejects.toThrow(said);
  });
});

describe('fingerprint', () => {
  const options = { class: 'ip.price_list', level: 'high' };

  test('registers a file by its name, and keeps nothing of it', async () => {
    await registerFiles([file('Price list 2027.csv', TEXT)], options, KEY);
    expect(out).toMatch(/^Registered price-list-2027: \d+ words, \d+ shingles\. Passages of about 25 words are recognised as document\.price-list-2027\.\n$/);
    const stored = readFileSync(path.join(packs, 'documents.ndjson'), 'utf8');
    expect(JSON.parse(stored)).toMatchObject({ id: 'price-list-2027', title: 'Price list 2027', class: 'ip.price_list', level: 'high' });
    for (const word of ['clock', 'shelf', 'number']) expect(stored).not.toContain(word);
    expect((await readRuleSources({ packs: [], added: [packs] })).documents).toHaveLength(1);
  });

  test('replaces a document of the same name, beside others', async () => {
    await registerFiles([file('a.txt', TEXT), file('b.txt', TEXT.toUpperCase())], options, KEY);
    await registerFiles([file('a.txt', `${TEXT}\n${TEXT.replaceAll('QX', 'ZY')}`)], { ...options, level: 'critical' }, KEY);
    out = '';
    await fingerprint([], { ...options, list: true });
    expect(out).toBe('a  ip.price_list  critical  a\nb  ip.price_list  high  b\n');
    await fingerprint([], { ...options, remove: 'a' });
    out = '';
    await fingerprint([], { ...options, list: true, json: true });
    expect(out.trim().split('\n')).toHaveLength(1);
  });

  test('reads older encodings as well', async () => {
    await registerFiles([file('u.txt', Buffer.from(`\ufeff${TEXT}`, 'utf16le')), file('w.txt', Buffer.from(`Gr\u00fc\u00dfe ${TEXT}`, 'latin1'))], options, KEY);
    expect(out.match(/Registered/g)).toHaveLength(2);
  });

  test.each([
    [() => registerFiles([file('x.pdf', Buffer.from([37, 80, 68, 70, 0, 1, 2]))], options, KEY), 'is no text: save it as plain text first'],
    [() => registerFiles([file('short.txt', 'a few words only')], options, KEY), 'short.txt: it has too little text of its own'],
    [() => registerFiles([path.join(folder, 'none.txt')], options, KEY), 'there is no file'],
    [() => registerFiles([(mkdirSync(path.join(folder, 'sub'), { recursive: true }), file('sub/same.txt', TEXT)), file('same.txt', TEXT)], options, KEY), 'two of the files would be called same'],
    [() => registerFiles([file('c.txt', TEXT)], { ...options, class: 'phi.x' }, KEY), '--class is ip. and what it is'],
    [() => registerFiles([file('c.txt', TEXT)], { ...options, level: 'loud' }, KEY), '--level is one of'],
    [() => fingerprint([], options), 'name the files'],
    [() => fingerprint(['a'], { level: 'high' }), 'say with --class what the text is'],
    [() => fingerprint([], { ...options, remove: 'zzz' }), 'there is no document zzz'],
  ])('says what is wrong %#', async (act, said) => {
    await expect(act()).rejects.toThrow(said);
  });
});
