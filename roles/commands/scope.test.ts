import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { generateKeyPairSync } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { formatVerifier, signNote } from '../../contracts/checkpoint.ts';
import { dataFlowParts } from '../../contracts/data-flow.ts';
import { scope } from './scope.ts';
import { statement, verifyStatement } from './statement.ts';

const ASKED = { site: 'shop', from: '2026-11-01', to: '2026-11-02' };

afterEach(() => {
  vi.restoreAllMocks();
});

describe('scope', () => {
  test.each([
    ['nothing known', {}, /one of --actor, --session/], ['two things known', { actor: 'a', key: 'k' }, /one of --actor/], ['a wrong time', { actor: 'a', from: 'yesterday' }, /--from must be a time/], ['times turned', { actor: 'a', from: '2026-11-03' }, /--from must be before --to/],
    ['a wrong site', { actor: 'a', site: 'The Shop' }, /site must be/], ['a wrong share', { actor: 'a', leastConfidence: 'high' }, /--least-confidence is a number from 0 to 1/], ['an unknown reason', { actor: 'a', confidence: ['because=1'] }, /--confidence takes numbers from 0 to 1 by reason/], ['a reason without a share', { actor: 'a', confidence: ['session-alike'] }, /by reason/],
    ['somebody innocent of no kind', { actor: 'a', innocent: ['anna'] }, /KIND:VALUE/], ['a bundle where something is', { actor: 'a', out: import.meta.dirname }, /is there already/],
  ])('with %s is wrong use', async (_what, options, message) => {
    await expect(scope({ ...ASKED, ...options })).rejects.toMatchObject({ name: 'UsageError', message: expect.stringMatching(message) });
  });
});

describe('statement', () => {
  test.each([
    ['no site', {}, /--site, or take --all/], ['a site and all', { site: 'shop', all: true as const }, /--site, or take --all/], ['a wrong time', { site: 'shop', from: '' }, /--from must/], ['an unknown region', { site: 'shop', region: 'Europe' }, /--region must be/],
  ])('with %s is wrong use', async (_what, options, message) => {
    await expect(statement({ from: '2026-11-01', to: '2026-11-02', ...options })).rejects.toMatchObject({ name: 'UsageError', message: expect.stringMatching(message) });
  });

  test('without times is wrong use', async () => {
    await expect(statement({ site: 'shop' })).rejects.toMatchObject({ name: 'UsageError', message: 'say of which time, with --from and --to' });
  });

  test('is checked with the key alone', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tourniquet-statement-'));
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const key = formatVerifier('deployment', publicKey);
    const coverage = { receivedFromMs: 0, receivedToMs: 1, blocks: 0, lines: 0, stored: 0, deadLetters: 0, missingLines: 0, eventsCounted: 0 };
    const { json, body } = dataFlowParts({ v: 1, site: 'shop', region: 'EU', fromMs: 0, toMs: 1, asOfMs: 1, treeSize: 1, flows: [], gaps: [], coverage });
    const note = join(folder, 'shop.note');
    await writeFile(note, signNote(`deployment\ndata-flow\nshop\n${body}`, 'deployment', privateKey));
    await writeFile(join(folder, 'shop.json'), json);
    const out: string[] = [];
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0);
    expect(await verifyStatement(note, { key })).toBe(0);
    expect(out.join('')).toMatch(/^The statement holds\.\nNo personal data is known to have left EU from shop/);
    await writeFile(join(folder, 'shop.json'), json.replace('"EU"', '"US"'));
    expect(await verifyStatement(note, { key })).toBe(1);
    await expect(verifyStatement(note, { key: 'x' })).rejects.toMatchObject({ name: 'UsageError' });
    await expect(verifyStatement(join(folder, 'none.note'), { key })).rejects.toMatchObject({ name: 'UsageError' });
    await rm(folder, { recursive: true });
  });
});
