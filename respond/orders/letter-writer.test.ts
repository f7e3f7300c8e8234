import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { openLetter, sealLetter } from '../../contracts/letter.ts';
import type { Letter } from '../../contracts/letter.ts';
import { x25519PrivateKey, x25519PublicBytes } from '../../contracts/sealed-key.ts';
import type { Act } from '../../contracts/trail.ts';
import { startLetterWriter } from './letter-writer.ts';
import type { WaitingBox } from './letter-writer.ts';

const FAST = { pollMs: 1, epochsEveryMs: 1 } as const;

function newBox(site: string) {
  const privateKey = x25519PrivateKey(randomBytes(32));
  return { site, privateKey, boxKey: x25519PublicBytes(privateKey).toString('base64url') };
}

const nameOf = ({ site, boxKey }: { readonly site: string; readonly boxKey: string }): string => `${site} ${boxKey}`;

/** Register, keys role and trail, which fail when told to; what they did, in order. */
function world(...boxes: readonly ReturnType<typeof newBox>[]) {
  const tokenKeys = [Buffer.alloc(32, 1)];
  const letters = new Map<string, Map<number, Letter>>(boxes.map((box) => [nameOf(box), new Map()]));
  const done: string[] = [];
  const failing = new Set<string>();
  const fail = (what: string): void => {
    if (failing.has(what)) throw new Error(what);
  };
  const deps = {
    keys: {
      newestEpoch: async () => tokenKeys.length,
      sealTokenKeys: async (site: string, boxKey: Buffer) => {
        fail(`seal ${site}`);
        return tokenKeys.map((key, i) => ({ key_epoch: i + 1, sealed: sealLetter(key, boxKey, site, i + 1) }));
      },
    },
    boxes: () => boxes.map(({ site, boxKey }): WaitingBox => ({ site, boxKey, epochs: new Set(letters.get(nameOf({ site, boxKey }))?.keys()) })),
    welcome: async () => undefined,
    put: async ({ site, boxKey }: WaitingBox, letter: Letter) => {
      fail(`put ${letter.key_epoch}`);
      done.push(`put ${site} ${letter.key_epoch}`);
      const mine = letters.get(nameOf({ site, boxKey }));
      if (mine?.has(letter.key_epoch) === false) mine.set(letter.key_epoch, letter);
      fail(`after put ${letter.key_epoch}`);
    },
    note: async ({ action, target, about }: Act) => {
      fail('note');
      done.push(`${action} ${target?.name} ${JSON.stringify(about?.['epochs'])}`);
      fail('after note');
    },
  };
  const opens = (box: ReturnType<typeof newBox>, epoch: number) => openLetter(letters.get(nameOf(box))?.get(epoch)?.sealed ?? '', box.privateKey, box.site, epoch)?.equals(tokenKeys[epoch - 1] ?? Buffer.alloc(0)) ?? false;
  return { deps, done, failing, opens, letters, tokenKeys };
}

test('each box gets the keys of its site, after the trail was told, and those of new epochs by themselves', async () => {
  const [a, b] = [newBox('shop'), newBox('clinic')];
  const w = world(a, b);
  await using writer = startLetterWriter({ ...w.deps, ...FAST });
  await expect.poll(() => w.opens(a, 1) && w.opens(b, 1)).toBe(true);
  expect(w.done).toEqual(['token-key-sealed shop [1]', 'put shop 1', 'token-key-sealed clinic [1]', 'put clinic 1']);
  w.tokenKeys.push(Buffer.alloc(32, 2));
  await expect.poll(() => w.opens(a, 2) && w.opens(b, 2)).toBe(true);
  expect(w.done.filter((one) => one.startsWith('put'))).toHaveLength(4);
  expect(writer.status().written).toBe(4);
});

test('a site whose letters fail holds up none that has the same box', async () => {
  const shop = newBox('shop');
  const clone = { ...shop, site: 'clone' };
  const w = world(shop, clone);
  w.failing.add('seal shop');
  await using _ = startLetterWriter({ ...w.deps, ...FAST });
  await expect.poll(() => w.opens(clone, 1)).toBe(true);
});

test.each(['seal shop', 'note', 'after note', 'put 1', 'after put 1'])('what fails at "%s" is made up for, and never is a letter there that the trail does not know', async (step) => {
  const box = newBox('shop');
  const w = world(box);
  w.failing.add(step);
  const errors: unknown[] = [];
  await using _ = startLetterWriter({ ...w.deps, ...FAST, onError: (error) => errors.push(error) });
  await expect.poll(() => errors.length).toBeGreaterThan(0);
  const put = w.done.findIndex((one) => one.startsWith('put'));
  expect(put < 0 || w.done.slice(0, put).some((one) => one.startsWith('token-key-sealed'))).toBe(true);
  w.failing.clear();
  await expect.poll(() => w.opens(box, 1)).toBe(true);
});

test('a box that cannot be served holds up no other', async () => {
  const [bad, good] = [newBox('shop'), newBox('clinic')];
  const w = world(bad, good);
  w.failing.add('seal shop');
  await using _ = startLetterWriter({ ...w.deps, ...FAST });
  await expect.poll(() => w.opens(good, 1)).toBe(true);
  expect(w.letters.get(nameOf(bad))?.size).toBe(0);
});

test('a letter that does not show is an error, told each time', async () => {
  const box = newBox('shop');
  const w = world(box);
  const errors: unknown[] = [];
  await using _ = startLetterWriter({ ...w.deps, ...FAST, put: async () => undefined, onError: (error) => errors.push(error) });
  await expect.poll(() => errors.length).toBeGreaterThan(2);
  expect(errors).toEqual(errors.map(() => expect.objectContaining({ code: 'TQ-RESPOND-20' })));
  expect(w.letters.get(nameOf(box))?.size).toBe(0);
});

test('several writers leave one letter a box and epoch', async () => {
  const box = newBox('shop');
  const w = world(box);
  await using _a = startLetterWriter({ ...w.deps, ...FAST });
  await using _b = startLetterWriter({ ...w.deps, ...FAST });
  await expect.poll(() => w.opens(box, 1)).toBe(true);
  expect(w.letters.get(nameOf(box))?.size).toBe(1);
});
