import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ed25519PrivateKey, rawPublicKey } from '../../contracts/block.ts';
import { signCommand } from '../../contracts/command.ts';
import { mailboxHash, mailboxSecret, sealLetter } from '../../contracts/letter.ts';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { x25519PrivateKey, x25519PublicBytes } from '../../contracts/sealed-key.ts';
import { publishCommandKey } from '../sites/command-key.ts';
import { claimCommand, putLetter } from '../sites/order-register.ts';
import { acceptEnrolment } from './accept-enrolment.ts';
import { answerOrders } from './accept-orders.ts';
import { GatewayError } from './errors.ts';
import { newShipper, NOW_MS, openTestGateway, rawRequest, SITE } from './test-gateway.ts';
import type { TestGateway } from './test-gateway.ts';

const BOX = randomBytes(32);
const BOX_KEY = x25519PublicBytes(x25519PrivateKey(BOX)).toString('base64url');
const SECRET = mailboxSecret(BOX);
const SIGNER = ed25519PrivateKey(Buffer.alloc(32, 4));
const COMMAND_KEY = rawPublicKey(SIGNER).toString('base64url');

function enrolment(gateway: TestGateway, over: object = {}) {
  const body = { site: SITE, secret: gateway.secrets.enrolmentSecret, key: newShipper().key, box_key: BOX_KEY, mailbox_hash: mailboxHash(SECRET), ...over };
  return acceptEnrolment(gateway.context, rawRequest({ body: Buffer.from(JSON.stringify(body)) }));
}

function ask(gateway: TestGateway, query: Readonly<Record<string, unknown>> = {}, authorization: string | undefined = `Bearer ${SECRET}`, address = '192.0.2.1') {
  return answerOrders(gateway.context, rawRequest({ authorization, query: { site: SITE, ...query }, address }));
}

const command = signCommand({ v: 1, site: SITE, counter: 1, action: 'exports-off', target: '', mode: 'enforce', issued_at: NOW_MS, expires_at: NOW_MS + 1000, lasts_s: 60, undoes: 0, reason: 'a test' }, COMMAND_KEY, SIGNER);

describe('enrolment', () => {
  test('with a box is answered with the command key once there is one', async () => {
    await using gateway = await openTestGateway();
    const key = newShipper().key;
    expect(await enrolment(gateway, { key })).toEqual({ site: SITE, receipt_key: gateway.context.receipts.publicKey });
    await publishCommandKey(gateway.log.registry, COMMAND_KEY);
    await gateway.sites.refresh();
    expect(await enrolment(gateway, { key })).toEqual({ site: SITE, receipt_key: gateway.context.receipts.publicKey, command_key: COMMAND_KEY });
  });

  test('refuses half a box, one of low order and a hash that is none', async () => {
    await using gateway = await openTestGateway();
    const lowOrder = Buffer.alloc(32).toString('base64url');
    for (const over of [{ box_key: undefined }, { mailbox_hash: undefined }, { box_key: lowOrder }, { box_key: BOX_KEY.slice(1) }, { box_key: 7 }, { mailbox_hash: 'A'.repeat(64) }, { mailbox_hash: 'a'.repeat(63) }, { mailbox_hash: null }]) {
      await expect(enrolment(gateway, over)).rejects.toMatchObject({ code: 'TQ-GATEWAY-28' });
    }
    expect([...gateway.sites.openBoxes()]).toEqual([]);
  });
});

describe('orders', () => {
  test('are the letters of the box and the commands above the counter, with our time', async () => {
    await using gateway = await openTestGateway();
    await enrolment(gateway);
    const letter = { key_epoch: 1, sealed: sealLetter(Buffer.alloc(32, 1), Buffer.from(BOX_KEY, 'base64url'), SITE, 1) };
    await putLetter(gateway.log.registry, SITE, BOX_KEY, letter, NOW_MS);
    await claimCommand(gateway.log.registry, command, NOW_MS);
    await gateway.sites.refresh();
    expect(await ask(gateway)).toEqual({ now: NOW_MS, letters: [letter], commands: [command] });
    expect(await ask(gateway, { after: '1' })).toEqual({ now: NOW_MS, letters: [letter], commands: [] });
  });

  test('are given to a box enrolled at another gateway a moment ago', async () => {
    await using gateway = await openTestGateway();
    await using other = await openTestGateway();
    // The same register, read by a second gateway that has not looked since.
    const late = { ...other, context: { ...other.context, sites: gateway.sites } };
    await enrolment(gateway);
    expect((await ask(late)).commands).toEqual([]);
  });

  test('are refused alike for a wrong secret, an unknown site and another site', async () => {
    await using gateway = await openTestGateway();
    await enrolment(gateway);
    const refused = async (query: object, authorization?: string) => ask(gateway, { ...query }, authorization).then(() => 'taken', (error: unknown) => (error instanceof GatewayError ? error.code : error));
    expect(await refused({}, `Bearer ${mailboxSecret(randomBytes(32))}`)).toBe('TQ-GATEWAY-36');
    expect(await refused({ site: 'nobody' })).toBe('TQ-GATEWAY-36');
    expect(await refused({}, 'Bearer x')).toBe('TQ-GATEWAY-36');
    expect(await refused({}, 'Basic abc')).toBe('TQ-GATEWAY-35');
    expect(await refused({}, '')).toBe('TQ-GATEWAY-35');
    for (const query of [{ site: undefined }, { site: 'Shop' }, { site: ['shop'] }, { after: '-1' }, { after: '1e3' }, { after: 'x' }, { after: ['1'] }, { after: '1'.repeat(16) }]) expect([query, await refused(query)]).toEqual([query, 'TQ-GATEWAY-27']);
  });

  test('a stranger who guesses is slowed down by address and never takes up the budget of the site', async () => {
    await using gateway = await openTestGateway();
    await enrolment(gateway);
    const wrong = `Bearer ${mailboxSecret(randomBytes(32))}`;
    const codes = await Promise.all(Array.from({ length: 200 }, () => ask(gateway, {}, wrong, '198.51.100.9').catch((error: unknown) => (error instanceof GatewayError ? error.code : 'other'))));
    expect(Object.entries(Object.groupBy(codes, String)).map(([code, all]) => [code, all?.length])).toEqual([['TQ-GATEWAY-36', 120], ['TQ-GATEWAY-30', 80]]);
    expect((await ask(gateway)).commands).toEqual([]);
  });

  test('a stranger with a whole IPv6 network is one stranger', async () => {
    await using gateway = await openTestGateway();
    const codes = await Promise.all(Array.from({ length: 200 }, (_, i) => ask(gateway, {}, undefined, `2001:db8:1:2::${i.toString(16)}`).catch((error: unknown) => (error instanceof GatewayError ? error.code : 'other'))));
    expect(Object.entries(Object.groupBy(codes, String)).map(([code, all]) => [code, all?.length])).toEqual([['TQ-GATEWAY-36', 120], ['TQ-GATEWAY-30', 80]]);
  });

  test('too many questions of a plugin are told when to ask again', async () => {
    await using gateway = await openTestGateway();
    await enrolment(gateway);
    for (let i = 0; i < 120; i++) await ask(gateway);
    await expect(ask(gateway)).rejects.toMatchObject({ code: 'TQ-GATEWAY-30', retryAfterSeconds: 1 });
  });

  test('no question, however odd, is answered by anything but orders or an error of ours (seed 20261121)', async () => {
    await using gateway = await openTestGateway();
    await enrolment(gateway);
    const random = seededRandom(20_261_121);
    const odd = ['', ' ', SITE, SECRET, '../x', '_system', '\u0000', '🦊', '9'.repeat(40), '__proto__', 'Bearer', `Bearer ${SECRET}`, `bearer ${SECRET} `, `Bearer ${SECRET}x`, `Bearer  ${SECRET}`];
    const pick = (): string => random.pick(odd);
    for (let i = 0; i < 3000; i++) {
      const answer = await answerOrders(gateway.context, rawRequest({ authorization: pick(), query: { site: pick(), after: pick() }, address: `198.51.100.${i % 250}` })).catch((error: unknown) => error);
      if (answer instanceof GatewayError) continue;
      expect(answer).toEqual({ now: NOW_MS, letters: [], commands: [] });
    }
  });
});
