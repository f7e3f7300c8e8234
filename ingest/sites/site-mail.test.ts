import { describe, expect, test } from 'vitest';
import { ed25519PrivateKey, rawPublicKey } from '../../contracts/block.ts';
import { signCommand } from '../../contracts/command.ts';
import type { Command, SignedCommand } from '../../contracts/command.ts';
import { mailboxHash } from '../../contracts/letter.ts';
import { createLogDisk, openMemoryLog } from '../../contracts/memory-log.ts';
import type { Gate } from '../../contracts/memory-log.ts';
import { COMMAND_KEY, publishCommandKey } from './command-key.ts';
import { claimCommand, putLetter, readCommands } from './order-register.ts';
import { newSecret } from './secret.ts';
import { addEnrolment, addSite, rotateSite } from './site-admin.ts';
import { openSiteRegister } from './site-register.ts';

const NOW = 1_792_000_000_000;
const clock = () => NOW;
const PRIVATE = ed25519PrivateKey(Buffer.alloc(32, 3));
const KEY = rawPublicKey(PRIVATE).toString('base64url');
const [K1, K2] = ['A', 'B'].map((c) => c.repeat(43)) as [string, string]; // two by construction
const LETTER = { key_epoch: 1, sealed: 'A'.repeat(107) };

function commandOf(over: Partial<Command> = {}): SignedCommand {
  return signCommand({ v: 1, site: 'shop', counter: 1, action: 'exports-off', target: '', mode: 'enforce', issued_at: NOW, expires_at: NOW + 1000, lasts_s: 60, undoes: 0, reason: 'a test', ...over }, KEY, PRIVATE);
}

function newBox() {
  const secret = newSecret();
  return { secret, box: { key: newSecret(), mailbox_hash: mailboxHash(secret) } };
}

async function setUp(gate?: Gate) {
  const disk = createLogDisk(1);
  const log = openMemoryLog(disk, gate);
  const secrets = await addSite(log.registry, 'shop', clock);
  const sites = await openSiteRegister(log.registry, { pollMs: 2 ** 30 });
  const { secret, box } = newBox();
  const enrolled = await sites.enrol('shop', secrets.enrolmentSecret, K1, NOW, box);
  return { disk, log, secrets, sites, secret, box, enrolled };
}

describe('mailboxes', () => {
  test('open to their secret alone, at their site alone', async () => {
    const { sites, secret, log } = await setUp();
    await addSite(log.registry, 'other', clock);
    await sites.refresh();
    expect(sites.ordersFor('shop', secret, 0, NOW)).toEqual({ letters: [], commands: [] });
    for (const [site, shown] of [['shop', newSecret()], ['other', secret], ['nobody', secret], ['shop', ''], ['shop', `${secret}=`]] as const) expect(sites.ordersFor(site, shown, 0, NOW)).toBeUndefined();
  });

  test('enrolling again with the same key and box is answered the same, with another box or none it is used', async () => {
    const { sites, secrets, box, enrolled } = await setUp();
    const again = (other: typeof box | undefined) => sites.enrol('shop', secrets.enrolmentSecret, K1, NOW, other);
    expect([enrolled, await again(box), await again(newBox().box), await again(undefined)]).toEqual(['pinned', 'pinned', 'used', 'used']);
  });

  test('a replacing enrolment closes those of before, and their letters are not given to the new box', async () => {
    const { sites, log, box, secret } = await setUp();
    await putLetter(log.registry, 'shop', box.key, LETTER, NOW);
    await sites.refresh();
    expect(sites.ordersFor('shop', secret, 0, NOW)?.letters).toEqual([LETTER]);
    const { enrolmentSecret } = await rotateSite(log.registry, 'shop', clock);
    const next = newBox();
    await sites.enrol('shop', enrolmentSecret, K2, NOW, next.box);
    expect(sites.ordersFor('shop', secret, 0, NOW)).toBeUndefined();
    expect(sites.ordersFor('shop', next.secret, 0, NOW)?.letters).toEqual([]);
    expect([...sites.openBoxes()]).toEqual([{ site: 'shop', boxKey: next.box.key, epochs: new Set() }]);
  });

  test('a plugin that enrols again with the box it had finds its letters there', async () => {
    const { sites, log, box, secret } = await setUp();
    await putLetter(log.registry, 'shop', box.key, LETTER, NOW);
    const { enrolmentSecret } = await rotateSite(log.registry, 'shop', clock);
    await sites.refresh();
    expect([sites.ordersFor('shop', secret, 0, NOW), [...sites.openBoxes()]]).toEqual([undefined, []]);
    expect(await sites.enrol('shop', enrolmentSecret, K1, NOW, box)).toBe('pinned');
    expect(sites.ordersFor('shop', secret, 0, NOW)?.letters).toEqual([LETTER]);
    expect([...sites.openBoxes()]).toEqual([{ site: 'shop', boxKey: box.key, epochs: new Set([1]) }]);
  });

  test('a further shipper has a mailbox of its own, and cannot take over another by its hash', async () => {
    const { sites, log, box, secret } = await setUp();
    const second = await addEnrolment(log.registry, 'shop', clock);
    const thief = { key: newSecret(), mailbox_hash: box.mailbox_hash };
    expect(await sites.enrol('shop', second, K2, NOW, thief)).toBe('pinned');
    await putLetter(log.registry, 'shop', box.key, LETTER, NOW);
    await putLetter(log.registry, 'shop', thief.key, { key_epoch: 1, sealed: 'B'.repeat(107) }, NOW);
    await sites.refresh();
    expect(sites.ordersFor('shop', secret, 0, NOW)?.letters).toEqual([LETTER]);
  });

  test('the first letter for a box and epoch stays; those of unknown boxes are passed over', async () => {
    const { sites, log, box, secret } = await setUp();
    await putLetter(log.registry, 'shop', box.key, LETTER, NOW);
    await putLetter(log.registry, 'shop', box.key, { ...LETTER, sealed: 'B'.repeat(107) }, NOW);
    await putLetter(log.registry, 'shop', newSecret(), LETTER, NOW);
    await sites.refresh();
    expect(sites.ordersFor('shop', secret, 0, NOW)?.letters).toEqual([LETTER]);
    expect([...sites.openBoxes()].map(({ epochs }) => [...epochs])).toEqual([[1]]);
  });
});

describe('commands', () => {
  test('come in the order of their counters, above the one named, until they expire', async () => {
    const { sites, log, secret } = await setUp();
    for (const counter of [3, 1, 2]) await claimCommand(log.registry, commandOf({ counter, expires_at: NOW + counter * 1000 }), NOW);
    await sites.refresh();
    const counters = (after: number, nowMs: number) => sites.ordersFor('shop', secret, after, nowMs)?.commands.map((c) => c.counter);
    expect([counters(0, NOW), counters(2, NOW), counters(0, NOW + 1000), counters(0, NOW + 2999), counters(9, NOW)]).toEqual([[1, 2, 3], [3], [2, 3], [3], []]);
  });

  test('a counter is given once, whoever asks first', async () => {
    const { log } = await setUp();
    const claims = await Promise.all([claimCommand(log.registry, commandOf(), NOW), claimCommand(log.registry, commandOf({ reason: 'another' }), NOW)]);
    expect(claims).toEqual([true, false]);
    expect((await readCommands(log.registry, 'shop')).map(({ reason }) => reason)).toEqual(['a test']);
  });

  test('those that expired are let go of when the next one comes, so that the register stays small', async () => {
    const { sites, log, secret } = await setUp();
    for (let counter = 1; counter <= 500; counter++) await claimCommand(log.registry, commandOf({ counter, issued_at: NOW + counter * 1000, expires_at: NOW + counter * 1000 + 500 }), NOW + counter * 1000);
    await sites.refresh();
    expect(sites.ordersFor('shop', secret, 0, 0)?.commands).toHaveLength(1);
    expect(await readCommands(log.registry, 'shop')).toHaveLength(500);
  });

  test('at most a hundred are answered at once, the rest to the next question', async () => {
    const { sites, log, secret } = await setUp();
    for (let counter = 1; counter <= 150; counter++) await claimCommand(log.registry, commandOf({ counter }), NOW);
    await sites.refresh();
    expect([0, 100].map((after) => sites.ordersFor('shop', secret, after, NOW)?.commands.length)).toEqual([100, 50]);
  });

  test('what is no command, and one for another site, is passed over', async () => {
    const { sites, log, secret } = await setUp();
    await addSite(log.registry, 'other', clock);
    const record = (site: string, command: unknown) => log.registry.append(`site/${site}/command/odd`, JSON.stringify({ type: 'command', site, at: NOW, command }));
    for (const command of [{}, null, 'x', { ...commandOf(), target: 7 }, { ...commandOf(), extra: 1 }, commandOf({ site: 'other' })]) await record('shop', command);
    await sites.refresh();
    expect(sites.ordersFor('shop', secret, 0, NOW)?.commands).toEqual([]);
  });
});

test('the newest command key counts; anything else under its name does not', async () => {
  const { sites, log } = await setUp();
  expect(sites.commandKey).toBeUndefined();
  await publishCommandKey(log.registry, K1);
  await publishCommandKey(log.registry, K2);
  await log.registry.append(COMMAND_KEY, 'not a key');
  await log.registry.append('respond/else', K1);
  await sites.refresh();
  expect(sites.commandKey).toBe(K2);
});

test('a gateway that starts later comes to the same letters, commands and key', async () => {
  const { sites, log, box, secret } = await setUp();
  await publishCommandKey(log.registry, KEY);
  await putLetter(log.registry, 'shop', box.key, LETTER, NOW);
  await claimCommand(log.registry, commandOf(), NOW);
  await sites.refresh();
  const later = await openSiteRegister(log.registry, { pollMs: 2 ** 30 });
  expect([later.commandKey, later.ordersFor('shop', secret, 0, NOW)]).toEqual([sites.commandKey, sites.ordersFor('shop', secret, 0, NOW)]);
  expect(later.ordersFor('shop', secret, 0, NOW)).toEqual({ letters: [LETTER], commands: [commandOf()] });
});
