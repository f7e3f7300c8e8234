import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { LONGEST_WAIT_MS, signCommand } from '../contracts/command.ts';
import { mailboxHash, mailboxSecret, openLetter, sealLetter } from '../contracts/letter.ts';
import { createLogDisk, openMemoryLog } from '../contracts/memory-log.ts';
import type { Gate, LogDisk } from '../contracts/memory-log.ts';
import { x25519PrivateKey, x25519PublicBytes } from '../contracts/sealed-key.ts';
import { claimCommand, readCommands } from '../ingest/sites/order-register.ts';
import { addSite, rotateSite } from '../ingest/sites/site-admin.ts';
import { openSiteRegister } from '../ingest/sites/site-register.ts';
import { policyWish } from '../respond/orders/policy-command.ts';
import type { SitePolicy } from '../respond/orders/site-policy.ts';
import { openCommandKey } from './command-key.ts';
import { openMailRoom } from './mail-room.ts';

const SITE = 'shop';
const TOKEN_KEYS = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
const COMMAND_KEY = openCommandKey(Buffer.alloc(32, 5).toString('base64url'));
const BOX = randomBytes(32);
const box = x25519PrivateKey(BOX);
const boxKey = x25519PublicBytes(box);

const keys = {
  newestEpoch: async () => TOKEN_KEYS.length,
  sealTokenKeys: async (site: string, to: Buffer) => TOKEN_KEYS.map((key, i) => ({ key_epoch: i + 1, sealed: sealLetter(key, to, site, i + 1) })),
};

/** A site whose plugin enrolled. */
async function enrolledDisk(): Promise<LogDisk> {
  const disk = createLogDisk(1);
  const log = openMemoryLog(disk);
  const { enrolmentSecret } = await addSite(log.registry, SITE, Date.now);
  await using sites = await openSiteRegister(log.registry);
  await sites.enrol(SITE, enrolmentSecret, 'A'.repeat(43), 1, { key: boxKey.toString('base64url'), mailbox_hash: mailboxHash(mailboxSecret(BOX)) });
  return disk;
}

function mailRoomOn(disk: LogDisk, gate?: Gate, acts: string[] = []) {
  return openMailRoom({ log: openMemoryLog(disk, gate), keys, trail: { write: async ({ action }) => void acts.push(action) }, commandKey: COMMAND_KEY, logLine: () => undefined, pollMs: 1, epochsEveryMs: 1 });
}

/** What a gateway that starts now would give the plugin. */
async function fetched(disk: LogDisk) {
  await using sites = await openSiteRegister(openMemoryLog(disk).registry);
  const orders = sites.ordersFor(SITE, mailboxSecret(BOX), 0, 1);
  return { commandKey: sites.commandKey, tokenKeys: orders?.letters.map(({ key_epoch: epoch, sealed }) => openLetter(sealed, box, SITE, epoch)) };
}

const WHOLE = { commandKey: COMMAND_KEY.key, tokenKeys: TOKEN_KEYS };

test('a plugin that enrolled finds the command key and the token keys of every epoch', async () => {
  const disk = await enrolledDisk();
  const acts: string[] = [];
  await using _ = await mailRoomOn(disk, undefined, acts);
  await expect.poll(() => fetched(disk)).toEqual(WHOLE);
  expect(new Set(acts)).toEqual(new Set(['token-key-sealed']));
});

test.each([1, 2].flatMap((claim) => [[claim, 'before'], [claim, 'after']] as const))('killed at letter %i, %s it is durable, the next start makes up for what is missing', async (claim, when) => {
  const disk = await enrolledDisk();
  let claims = 0;
  let killed = false;
  const dying: Gate = async (what, effect) => {
    if (killed) throw new Error('dead');
    if (what !== 'claim' || ++claims !== claim) return effect();
    killed = true;
    if (when === 'after') effect();
    throw new Error('killed');
  };
  {
    await using _ = await mailRoomOn(disk, dying);
    await expect.poll(() => killed).toBe(true);
  }
  expect((await fetched(disk)).tokenKeys).toEqual(TOKEN_KEYS.slice(0, when === 'after' ? claim : claim - 1));
  await using _ = await mailRoomOn(disk);
  await expect.poll(() => fetched(disk)).toEqual(WHOLE);
});

test('several mail rooms leave one letter an epoch and one command key, and a rotated site gets nothing more', async () => {
  const disk = await enrolledDisk();
  await using _a = await mailRoomOn(disk);
  await using _b = await mailRoomOn(disk);
  await expect.poll(() => fetched(disk)).toEqual(WHOLE);
  await rotateSite(openMemoryLog(disk).registry, SITE, Date.now);
  expect(await fetched(disk)).toEqual({ commandKey: COMMAND_KEY.key, tokenKeys: undefined });
  const letters = (await openMemoryLog(disk).registry.read(0, 1000)).filter(({ key }) => key.includes('/letter/'));
  expect(letters).toHaveLength(2);
});

/** The site was told a policy so long ago. */
async function tellPolicy(disk: LogDisk, counter: number, policy: SitePolicy, agoMs: number): Promise<void> {
  const { waitsMs, lastsS, ...wish } = policyWish(SITE, policy, 'decided');
  const issuedAt = Date.now() - agoMs;
  const command = signCommand({ v: 1, ...wish, counter, issued_at: issuedAt, expires_at: issuedAt + waitsMs, lasts_s: lastsS }, COMMAND_KEY.key, COMMAND_KEY.privateKey);
  await claimCommand(openMemoryLog(disk).registry, command, issuedAt);
}

const DAY_MS = LONGEST_WAIT_MS;

test.each<readonly [what: string, told: readonly (readonly [policy: SitePolicy, agoMs: number])[], given: readonly string[]]>([
  ['that expired is said again, once, as it was last', [[{ ai_policy: 'allow' }, 9 * DAY_MS], [{ ai_policy: 'block' }, 2 * DAY_MS]], ['{"ai_policy":"block"}']],
  ['that can still be fetched is not said again', [[{ ai_policy: 'block' }, DAY_MS / 2]], ['{"ai_policy":"block"}']],
  ['that was taken away stays away', [[{ ai_policy: 'block' }, 9 * DAY_MS], [{}, 2 * DAY_MS]], []],
])('for a plugin that is new, a policy %s', async (_what, told, given) => {
  const disk = await enrolledDisk();
  for (const [i, [policy, agoMs]] of told.entries()) await tellPolicy(disk, i + 1, policy, agoMs);
  for (let start = 0; start < 2; start++) {
    await using _ = await mailRoomOn(disk);
    await expect.poll(() => fetched(disk)).toEqual(WHOLE);
  }
  const commands = await readCommands(openMemoryLog(disk).registry, SITE);
  expect(commands.filter(({ expires_at: at }) => at > Date.now()).map(({ target }) => target)).toEqual(given);
});
