import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseNote } from '../../contracts/checkpoint.ts';
import { DEPLOYMENT_SITE } from '../../contracts/names.ts';
import { createAnchors } from './anchors.ts';
import type { Anchors, AnchorsDeps } from './anchors.ts';
import { openExportFile } from './export-file.ts';
import { createReceiver } from './receiver.ts';
import { rollbackLine } from './rollback.ts';
import type { Rollback } from './rollback.ts';
import type { SignedCheckpoint } from './signed-checkpoint.ts';
import { checkpointOf, fakeStored, testVerifier } from './test-log.ts';
import { WitnessRefusal } from './witness.ts';

let folder: string;
let file: string;
let reported: Rollback[];
let kept: SignedCheckpoint[];
let problems: string[];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'tq-anchor-'));
  file = path.join(folder, 'checkpoints.ndjson');
  [reported, kept, problems] = [[], [], []];
});
afterEach(() => rmSync(folder, { recursive: true }));

/** One life of the console's anchors on a store. */
async function life(stored: AnchorsDeps['stored'], work: (anchors: Anchors) => Promise<void>, change: Partial<AnchorsDeps> = {}): Promise<Anchors> {
  await using exportFile = Object.assign(await openExportFile(file), { path: file });
  const anchors = createAnchors({
    stored, verifiers: async () => [testVerifier()], exportFile, receivers: [], witnesses: [],
    keepCosigned: async (checkpoint) => void kept.push(checkpoint),
    report: async (rollback) => void reported.push(rollback),
    nowMs: Date.now, onProblem: (what) => problems.push(what), ...change,
  });
  await anchors.compare();
  await work(anchors);
  return anchors;
}

function exportedSizes(): readonly string[] {
  return readFileSync(file, 'utf8').trim().split('\n').filter((line) => line !== '').map((line) => {
    const { site, size } = JSON.parse(line) as SignedCheckpoint; // Our own line.
    return `${site} ${size}`;
  });
}

const round = async (anchors: Anchors) => anchors.round();

test('what grew is exported once, the deployment\'s own log first; over restarts too', async () => {
  const stored = fakeStored([checkpointOf('shop', 3), checkpointOf('clinic', 2), checkpointOf(DEPLOYMENT_SITE, 1)]);
  await life(stored, async (anchors) => {
    await anchors.round();
    await anchors.round();
    stored.rows.push(checkpointOf('shop', 4));
    await anchors.round();
  });
  stored.rows.push(checkpointOf('shop', 5));
  const anchors = await life(stored, round);
  expect(exportedSizes()).toEqual([`${DEPLOYMENT_SITE} 1`, 'shop 3', 'clinic 2', 'shop 4', 'shop 5']);
  expect([anchors.status(), reported, problems]).toEqual([{ sites: 3, rollbacks: 0, witnesses: [], stuck: '' }, [], []]);
});

test('of very many sites one round takes some, and the next rounds the rest', async () => {
  const stored = fakeStored(Array.from({ length: 1_500 }, (_, i) => checkpointOf(`site-${i}`, 1)));
  await life(stored, async (anchors) => {
    await anchors.round();
    expect(exportedSizes()).toHaveLength(1_000);
    await anchors.round();
  });
  expect(new Set(exportedSizes()).size).toBe(1_500);
});

describe('a store that lost what was exported', () => {
  const before = [checkpointOf('shop', 3), checkpointOf('shop', 9), checkpointOf(DEPLOYMENT_SITE, 4)];

  test.each([
    ['an older copy of the data was put in place', [checkpointOf('shop', 3), checkpointOf(DEPLOYMENT_SITE, 4)], 'rolled-back'],
    ['it went on from there and is larger now', [checkpointOf('shop', 3), checkpointOf('shop', 20, 'other'), checkpointOf(DEPLOYMENT_SITE, 4)], 'rolled-back'],
    ['another history was signed with the stolen key', [checkpointOf('shop', 3, 'other'), checkpointOf('shop', 9, 'other'), checkpointOf(DEPLOYMENT_SITE, 4)], 're-signed'],
    ['all of the site is gone', [checkpointOf(DEPLOYMENT_SITE, 4)], 'rolled-back'],
  ] as const)('is noticed at the next start, once: %s', async (_what, rows, kind) => {
    await life(fakeStored([...before]), round);
    const anchors = await life(fakeStored([...rows]), async (running) => {
      await running.round();
      await running.round();
    });
    expect(reported).toEqual([{ site: 'shop', kind, size: 9, root: checkpointOf('shop', 9).root, source: 'export-file' }]);
    expect(anchors.status()).toMatchObject({ rollbacks: 1, stuck: expect.stringContaining('shop') });
    expect(problems.length).toBeGreaterThan(0);
  });

  test('is noticed while it runs, though nothing new comes', async () => {
    const stored = fakeStored([...before]);
    await life(stored, async (anchors) => {
      await anchors.round();
      stored.rows.splice(0, 2);
      await anchors.round();
    });
    expect(reported.map(({ site, kind }) => [site, kind])).toEqual([['shop', 'rolled-back']]);
  });

  test.each([
    ['a forged checkpoint of any size', { ...checkpointOf('shop', 10), size: 1_000_000 }],
    ['one signed for another site', { ...checkpointOf('clinic', 12), site: 'shop' }],
    ['one with another root than its note', { ...checkpointOf('shop', 12), root: checkpointOf('shop', 12, 'other').root }],
  ])('or holds %s, is told, and keeps nothing that follows from being exported', async (_what, forged) => {
    const stored = fakeStored([...before]);
    await life(stored, async (anchors) => {
      await anchors.round();
      stored.rows.push(forged);
      await anchors.round();
      stored.rows.pop();
      stored.rows.push(checkpointOf('shop', 11));
      await anchors.round();
    });
    expect(reported).toEqual([{ site: 'shop', kind: 'forged', size: forged.size, root: forged.root, source: 'store' }]);
    expect(exportedSizes().filter((line) => line.startsWith('shop'))).toEqual(['shop 9', 'shop 11']);
  });

  test('is told again when the trail could not take it', async () => {
    const stored = fakeStored([...before]);
    let away = true;
    await life(stored, async (anchors) => {
      await anchors.round();
      stored.rows.splice(0, 2);
      await anchors.round();
      away = false;
      await anchors.round();
    }, { report: async (rollback) => {
      if (away) throw new Error('the log is away');
      reported.push(rollback);
    } });
    expect(reported).toHaveLength(1);
  });
});

test('the word of a rollback raises a critical alert, the same for the same', () => {
  const rollback: Rollback = { site: 'shop', kind: 'rolled-back', size: 9, root: checkpointOf('shop', 9).root, source: 'export-file' };
  expect(JSON.parse(rollbackLine(rollback, 0))).toMatchObject({ event: { kind: 'alert', severity: 99 }, rule: { id: 'tourniquet.ledger.rolled-back', category: 'integrity' }, tourniquet: { target: { kind: 'checkpoint', site: 'shop' } } });
  const id = (of: Rollback) => (JSON.parse(rollbackLine(of, Math.random())) as { event: { id: string } }).event.id; // Our own line.
  expect(id(rollback)).toBe(id({ ...rollback }));
  expect(new Set([rollback, { ...rollback, size: 8 }, { ...rollback, site: 'other' }, { ...rollback, source: 'site' as const }].map(id)).size).toBe(4);
});

describe('witnesses', () => {
  const stored = fakeStored([checkpointOf(DEPLOYMENT_SITE, 4), checkpointOf('shop', 2)]);
  const cosigns = (name: string) => ({ name, cosign: async () => ({ line: `\u2014 ${name} ${Buffer.alloc(76, 1).toString('base64')}\n`, timeS: 1 }) });

  test('cosign the deployment\'s log, and one note with all their lines is kept and exported', async () => {
    const anchors = await life(stored, async (running) => {
      await running.round();
      await running.round();
    }, { witnesses: [cosigns('w1'), cosigns('w2')] });
    expect(kept.map(({ site, size, note }) => [site, size, parseNote(note)?.signatures.map(({ name }) => name)])).toEqual([[DEPLOYMENT_SITE, 4, ['tourniquet-testtest', 'w1', 'w2']]]);
    expect(anchors.status().witnesses).toEqual(['w1', 'w2']);
    expect(exportedSizes()).toEqual([`${DEPLOYMENT_SITE} 4`, 'shop 2', `${DEPLOYMENT_SITE} 4`]);
  });

  test('that fail are asked again and hold up no other; one that refuses is told in the status until it cosigns', async () => {
    const answers: (Error | undefined)[] = [new WitnessRefusal('it holds another history'), new Error('away'), undefined];
    const moody = { name: 'w2', cosign: async () => {
      const answer = answers.shift();
      if (answer !== undefined) throw answer;
      return cosigns('w2').cosign();
    } };
    const stuck: string[] = [];
    await life(stored, async (anchors) => {
      for (let i = 0; i < 4; i++) {
        await anchors.round();
        stuck.push(anchors.status().stuck);
      }
    }, { witnesses: [cosigns('w1'), moody] });
    expect(stuck).toEqual(['it holds another history', 'it holds another history', '', '']);
    expect(kept).toHaveLength(2);
  });
});

describe('receivers', () => {
  test('are posted what is new, and what they missed once they answer again, the newest only', async () => {
    const posts: { readonly sizes: readonly string[]; readonly id: string }[] = [];
    let status = 500;
    const receiver = createReceiver('https://anchor.example/', async (_url, headers, body) => {
      const sent = JSON.parse(body.toString()) as { data: { checkpoints: SignedCheckpoint[] } }; // Our own body.
      posts.push({ sizes: sent.data.checkpoints.map(({ site, size }) => `${site} ${size}`), id: headers['webhook-id'] ?? '' });
      expect(headers['webhook-signature']).toBe(`v1,${headers['webhook-id']}`);
      return { status, contentType: '', body: Buffer.alloc(0) };
    }, (id) => `v1,${id}`);
    const stored = fakeStored([checkpointOf('shop', 1)]);
    await life(stored, async (anchors) => {
      await anchors.round();
      await anchors.round();
      status = 204;
      stored.rows.push(checkpointOf('shop', 2));
      await anchors.round();
      await anchors.round();
    }, { receivers: [receiver] });
    expect(posts.map(({ sizes }) => sizes)).toEqual([['shop 1'], ['shop 1'], ['shop 2']]);
    expect(posts[0]?.id).toBe(posts[1]?.id);
    expect(posts[1]?.id).not.toBe(posts[2]?.id);
  });
});
