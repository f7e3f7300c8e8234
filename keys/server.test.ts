import { createHash, generateKeyPairSync, hkdfSync, randomBytes } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { get } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import type { TLSSocket } from 'node:tls';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { verifiersAt } from '../contracts/announced-key.ts';
import { openNote, parseCheckpoint, parseVerifier } from '../contracts/checkpoint.ts';
import { openExpiry } from '../contracts/expiry.ts';
import { openLetter } from '../contracts/letter.ts';
import { wrapDataKey, x25519PrivateKey, x25519PublicBytes } from '../contracts/sealed-key.ts';
import { tokenOf } from '../contracts/token.ts';
import { segmentsOf, verifyAudit } from './audit-chain.ts';
import { createKeysClient } from './client.ts';
import type { KeysClient } from './client.ts';
import { KeysError } from './errors.ts';
import { KEYS_ROLES } from './operation.ts';
import type { KeysRole } from './operation.ts';
import { auditDirectory, startKeysServer } from './server.ts';
import type { KeysServer } from './server.ts';

let home: string;
let directory: string;
let server: KeysServer;
const secrets = new Map(KEYS_ROLES.map((role) => [role, randomBytes(32).toString('base64url')]));
const roleSecrets = new Map([...secrets].map(([role, secret]) => [role, createHash('sha256').update(secret).digest('hex')]));

async function start(port = 0): Promise<KeysServer> {
  return startKeysServer({ directory, host: '127.0.0.1', port, roleSecrets, lookupsPerMinute: 3, now: () => 1_790_000_000_000 });
}

function as(role: KeysRole, secret = secrets.get(role) ?? '', retryForMs = 0): KeysClient {
  return createKeysClient({ url: server.url, role, secret, retryForMs });
}

async function newestVerifier() {
  const verifier = parseVerifier(await createKeysClient({ url: server.url }).checkpointVerifier());
  if (verifier === undefined) throw new Error('the keys role announces a well-formed key');
  return { verifier, name: verifier.name };
}

function auditText(): string {
  const audit = auditDirectory(directory);
  return segmentsOf(audit).map((name) => readFileSync(join(audit, name), 'utf8')).join('');
}

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'tq-keys-'));
  directory = join(home, 'keys');
  server = await start();
});
afterEach(async () => {
  await server.close();
  rmSync(home, { recursive: true });
});

const BOX = boxOf(Buffer.alloc(32, 9));

function boxOf(seed: Buffer) {
  const privateKey = x25519PrivateKey(seed);
  return { privateKey, publicKey: x25519PublicBytes(privateKey) };
}

const ROOT = Buffer.alloc(32, 7);

const EXPIRY = { id: 'abcdefghijklmnopqrstuvwx', tier: 'brief', month: 202601, rows: 3, digest: ROOT, policy: 'brief: 90 days' } as const;

/** Every operation, with the roles that may do it. */
const OPERATIONS: readonly (readonly [name: string, roles: readonly KeysRole[], call: (keys: KeysClient) => Promise<unknown>])[] = [
  ['sealing-key', ['gateway', 'worker', 'console'], async (keys) => keys.sealingKey()],
  ['site-keys', ['worker'], async (keys) => keys.siteKeys('shop')],
  ['unwrap', ['worker'], async (keys) => keys.unwrap('0123456789abcdef', Buffer.alloc(80))],
  ['sign-checkpoint', ['worker'], async (keys) => keys.signCheckpoint('shop', 1, ROOT)],
  ['vault-put', ['worker', 'compliance'], async (keys) => keys.put([{ site: 'shop', token: 'aaa', subjects: [], value: ROOT }])],
  ['vault-reveal', ['compliance'], async (keys) => keys.reveal('shop', 'aaa', 'case 1')],
  ['vault-erase', ['compliance'], async (keys) => keys.erase('shop', 'ann', 'case 1')],
  ['vault-linked', ['compliance'], async (keys) => keys.linked('shop', ['ann', 'bob'], 'case 1')],
  ['lookup', ['compliance', 'console'], async (keys) => keys.lookup('text', 'x', ['shop'], 'case 1')],
  ['sign-redaction', ['compliance'], async (keys) => keys.signRedaction('shop', 7, ROOT, ROOT, 'case 1')],
  ['fingerprint-key', ['worker', 'compliance'], async (keys) => keys.fingerprintKey()],
  ['rotate', ['operator'], async (keys) => keys.rotate('yearly')],
  ['rotate-checkpoint', ['operator'], async (keys) => keys.rotateCheckpoint('yearly', false)],
  ['sign-statement', ['compliance', 'console'], async (keys) => keys.signStatement('bundle', 'shop', 'x\n')],
  ['notice-key', ['compliance', 'console'], async (keys) => keys.noticeKey('shop', 1)],
  ['newest-epoch', ['compliance', 'console', 'respond'], async (keys) => keys.newestEpoch()],
  ['seal-token-keys', ['respond'], async (keys) => keys.sealTokenKeys('shop', BOX.publicKey)],
  ['site-token-key', ['compliance'], async (keys) => keys.siteTokenKeys('shop', 'case 1')],
  ['sign-expiry', ['retention'], async (keys) => keys.signExpiry(EXPIRY)],
];

test.each(OPERATIONS)('%s is for its roles only, and every refusal is audited', async (name, roles, call) => {
  const forbidden = KEYS_ROLES.filter((role) => !roles.includes(role));
  const answers = await Promise.allSettled(KEYS_ROLES.map(async (role) => call(as(role))));
  const refused = KEYS_ROLES.filter((_, i) => {
    const answer = answers[i];
    return answer?.status === 'rejected' && answer.reason instanceof KeysError && answer.reason.code === 'TQ-KEYS-02';
  });
  expect(refused).toEqual(forbidden);
  const entries = auditText().trim().split('\n').map((line): unknown => JSON.parse(line));
  expect(entries).toHaveLength(KEYS_ROLES.length);
  expect(entries.every((entry) => typeof entry === 'object' && entry !== null && 'operation' in entry && entry.operation === name)).toBe(true);
});

test('letters open with the box they were asked for alone, of every epoch, and the key is nowhere in the answer', async () => {
  await as('operator').rotate('yearly');
  const keys = await Promise.all([1, 2].map(async (epoch) => (await as('worker').siteKeys('shop', epoch)).token));
  const letters = await as('respond').sealTokenKeys('shop', BOX.publicKey);
  expect(letters.map(({ key_epoch: epoch, sealed }) => openLetter(sealed, BOX.privateKey, 'shop', epoch))).toEqual(keys);
  expect(letters.map(({ key_epoch: epoch, sealed }) => openLetter(sealed, boxOf(Buffer.alloc(32, 8)).privateKey, 'shop', epoch))).toEqual([undefined, undefined]);
  await expect(as('respond').sealTokenKeys('shop', Buffer.alloc(32))).rejects.toMatchObject({ code: 'TQ-KEYS-03' });
  await expect(as('respond').sealTokenKeys('shop', Buffer.alloc(31, 9))).rejects.toMatchObject({ code: 'TQ-KEYS-03' });
  expect(auditText()).toContain('"operation":"seal-token-keys"');
});

test('a wrong, another role\'s or no secret is refused, and audited without it', async () => {
  const wrong = randomBytes(32).toString('base64url');
  for (const secret of [wrong, secrets.get('gateway') ?? '', '']) await expect(as('worker', secret).siteKeys('shop')).rejects.toMatchObject({ code: 'TQ-KEYS-01' });
  await expect(createKeysClient({ url: server.url, retryForMs: 0 }).siteKeys('shop')).rejects.toMatchObject({ code: 'TQ-KEYS-01' });
  expect(auditText()).not.toContain(wrong);
  expect(auditText().trim().split('\n')).toHaveLength(4);
});

test('a flood of wrong secrets does not fill the audit', async () => {
  await Promise.all(Array.from({ length: 200 }, async () => expect(as('worker', 'wrong').siteKeys('shop')).rejects.toMatchObject({ code: 'TQ-KEYS-01' })));
  expect(auditText().trim().split('\n')).toHaveLength(60);
});

test('a data key wrapped to the sealing key is unwrapped, also after a rotation; a foreign or changed one is not', async () => {
  const dataKey = randomBytes(32);
  const { id, publicKey } = await as('gateway').sealingKey();
  const wrapped = wrapDataKey(dataKey, publicKey);
  expect(await as('worker').unwrap(id, wrapped)).toEqual(dataKey);
  await as('operator').rotate('test');
  expect((await as('gateway').sealingKey()).id).not.toBe(id);
  expect(await as('worker').unwrap(id, wrapped)).toEqual(dataKey);
  const foreign = wrapDataKey(dataKey, x25519PublicBytes(generateKeyPairSync('x25519').privateKey));
  await expect(as('worker').unwrap(id, foreign)).rejects.toMatchObject({ code: 'TQ-KEYS-04' });
  wrapped[40] = (wrapped[40] ?? 0) ^ 1;
  await expect(as('worker').unwrap(id, wrapped)).rejects.toMatchObject({ code: 'TQ-KEYS-04' });
  await expect(as('worker').unwrap(id, Buffer.alloc(3))).rejects.toMatchObject({ code: 'TQ-KEYS-03' });
});

test('checkpoints verify with the public verifier, and each site has its own origin', async () => {
  const note = await as('worker').signCheckpoint('shop', 5, ROOT);
  const verifier = parseVerifier(await createKeysClient({ url: server.url }).checkpointVerifier());
  const opened = openNote(note, verifier === undefined ? [] : [verifier]);
  expect(parseCheckpoint(opened?.text ?? '')).toEqual({ origin: `${verifier?.name}/shop`, size: 5, root: ROOT, extensions: [] });
});

test('a statement is signed for its kind and site, and what no note can hold is refused', async () => {
  const keys = as('compliance');
  const { verifier, name } = await newestVerifier();
  expect(openNote(await keys.signStatement('bundle', 'shop', 'a\n\nb\n'), [verifier])?.text).toBe(`${name}\nbundle\nshop\na\n\nb\n`);
  // The client takes these kinds only; another one may ask.
  for (const [kind, body] of [['7', 'x\n'], ['key-rotation', 'x\n'], ['expiry', 'x\n'], ['bundle', 'x'], ['bundle', 'x\r\n'], ['bundle', '\ud800\n']] as const) {
    await expect(keys.signStatement(kind as 'bundle', 'shop', body)).rejects.toMatchObject({ code: 'TQ-KEYS-03' });
  }
});

test('an expiry is signed by a key of its own, which signs no checkpoint, at the time of the keys role', async () => {
  const verifier = parseVerifier(await as('retention').expiryVerifier());
  const { verifier: checkpointKey, name } = await newestVerifier();
  const note = await as('retention').signExpiry(EXPIRY);
  expect(openExpiry(note, verifier === undefined ? [] : [verifier])).toEqual({ ...EXPIRY, deployment: name, expiredAtMs: 1_790_000_000_000 });
  expect(openExpiry(note, [checkpointKey])).toBeUndefined();
  for (const wrong of [{ policy: 'two\nlines' }, { id: 'short' }, { tier: 'other' as 'brief' }, { digest: Buffer.alloc(3) }]) await expect(as('retention').signExpiry({ ...EXPIRY, ...wrong })).rejects.toMatchObject({ code: 'TQ-KEYS-03' });
});

test('the site derives the notice key of an epoch from its token key', async () => {
  await as('operator').rotate('test');
  const tokenKeys = await as('compliance').siteTokenKeys('shop', 'for its owner');
  expect(tokenKeys).toEqual([1, 2].map((epoch) => ({ epoch, key: expect.any(Buffer) })));
  expect(await as('compliance').newestEpoch()).toBe(2);
  for (const { epoch, key } of tokenKeys) {
    expect(key).toEqual((await as('worker').siteKeys('shop', epoch)).token);
    expect(await as('compliance').noticeKey('shop', epoch)).toEqual(Buffer.from(hkdfSync('sha256', key, '', 'tourniquet/notice/v1', 32)));
  }
  expect(auditText()).toContain('"operation":"site-token-key","site":"shop","reason":"for its owner","outcome":"done"');
});

test('after a rotation both keys sign checkpoints, which are announced to anyone; after a retirement only the newest', async () => {
  const anyone = createKeysClient({ url: server.url });
  await as('operator').rotateCheckpoint('yearly', false);
  const verifiers = async () => verifiersAt(await anyone.checkpointVerifiers());
  const note = await as('worker').signCheckpoint('shop', 5, ROOT);
  const [first, second] = await verifiers();
  for (const key of [first, second]) expect(openNote(note, key === undefined ? [] : [key])).toBeDefined();
  expect((await anyone.checkpointVerifiers()).map(({ fromMs, untilMs }) => [fromMs, untilMs])).toEqual([[0, 1_790_000_000_000 + 30 * 86_400_000], [1_790_000_000_000, undefined]]);
  await as('operator').rotateCheckpoint('stolen', true);
  const after = await as('worker').signCheckpoint('shop', 6, ROOT);
  const all = await verifiers();
  expect(all.map((key) => openNote(after, [key]) !== undefined)).toEqual([false, false, true]);
  expect((await newestVerifier()).verifier.keyId).toBe(all[2]?.keyId);
});

test('a rollback and a second root of one size are refused, over a restart too; the same again is signed again', async () => {
  const worker = as('worker');
  const note = await worker.signCheckpoint('shop', 5, ROOT);
  for (let round = 0; round < 2; round++) {
    expect(await as('worker').signCheckpoint('shop', 5, ROOT)).toBe(note);
    await expect(as('worker').signCheckpoint('shop', 4, ROOT)).rejects.toMatchObject({ code: 'TQ-KEYS-05', retryable: false });
    await expect(as('worker').signCheckpoint('shop', 5, Buffer.alloc(32, 8))).rejects.toMatchObject({ code: 'TQ-KEYS-05' });
    await server.close();
    server = await start();
  }
  await as('worker').signCheckpoint('other', 1, ROOT);
  await as('worker').signCheckpoint('shop', 6, Buffer.alloc(32, 8));
});

test('of many roots of one size asked for at once, one is signed', async () => {
  const answers = await Promise.allSettled(Array.from({ length: 20 }, async (_, i) => as('worker').signCheckpoint('shop', 9, Buffer.alloc(32, i))));
  expect(answers.filter((answer) => answer.status === 'fulfilled')).toHaveLength(1);
});

test('a look-up finds an identifier\'s tokens on every site and epoch, as the worker makes them', async () => {
  await as('operator').rotate('test');
  const found = await as('compliance').lookup('email', ' Ann@Example.ORG ', ['shop', 'other'], 'request 7');
  expect(found.map(({ site, epoch }) => `${site} ${epoch}`)).toEqual(['shop 1', 'shop 2', 'other 1', 'other 2']);
  for (const { site, epoch, token } of found) expect(token).toBe(tokenOf((await as('worker').siteKeys(site, epoch)).token, 'email', 'ann@example.org'));
});

test('look-ups are limited in number, and a retry is worth it', async () => {
  const look = async () => as('compliance').lookup('text', 'x', ['shop'], 'case');
  await Promise.all([look(), look(), look()]);
  await expect(look()).rejects.toMatchObject({ code: 'TQ-KEYS-06', status: 429, retryable: true });
});

test('the vault keeps, reveals and erases', async () => {
  const compliance = as('compliance');
  await as('worker').put([{ site: 'shop', token: 'aaa', subjects: ['ann'], value: Buffer.from('kept') }]);
  expect((await compliance.reveal('shop', 'aaa', 'case'))?.toString()).toBe('kept');
  expect(await compliance.reveal('shop', 'zzz', 'case')).toBeUndefined();
  expect(await compliance.erase('shop', 'ann', 'case')).toBe(1);
  expect(await compliance.reveal('shop', 'aaa', 'case')).toBeUndefined();
});

test('the audit names role, operation, site, reason and outcome, holds together over restarts, and has no value in it', async () => {
  await as('worker').put([{ site: 'shop', token: 'tokentoken', subjects: [], value: Buffer.from('secretvalue') }]);
  await as('compliance').reveal('shop', 'tokentoken', 'case 12');
  await as('compliance').lookup('text', 'secretvalue', ['shop'], 'case 13');
  await server.close();
  server = await start();
  await as('worker').siteKeys('shop');
  const text = auditText();
  expect(verifyAudit(auditDirectory(directory))).toMatchObject({ holds: true, entries: 4 });
  expect(text).toContain('"role":"compliance","operation":"vault-reveal","site":"shop","reason":"case 12","outcome":"done"');
  for (const value of ['secretvalue', Buffer.from('secretvalue').toString('base64'), 'tokentoken', ...secrets.values()]) expect(text).not.toContain(value);
});

test('what looks behind a token must give a reason', async () => {
  for (const call of [as('compliance').reveal('shop', 'aaa', ''), as('compliance').erase('shop', 'ann', ''), as('compliance').lookup('text', 'x', ['shop'], '')]) {
    await expect(call).rejects.toMatchObject({ code: 'TQ-KEYS-03', message: expect.stringContaining('(reason)') });
  }
});

test.each([
  ['no JSON', '{'],
  ['a prototype', '{"__proto__":{"site":"shop"}}'],
  ['a wrong site', '{"site":"Not A Site"}'],
  ['a wrong epoch', '{"site":"shop","epoch":"1"}'],
  ['a list', '[]'],
])('%s is refused, and the answer does not repeat it', async (_name, body) => {
  const response = await fetch(`${server.url}/v1/site-keys`, { method: 'POST', body, headers: { 'content-type': 'application/json', 'tourniquet-role': 'worker', authorization: `Bearer ${secrets.get('worker')}` } });
  expect(response.status).toBe(400);
  const text = await response.text();
  expect(text).toContain('TQ-KEYS-03');
  expect(text).not.toContain('Not A Site');
});

test('a directory that others can read stops the start', async () => {
  await server.close();
  chmodSync(join(directory, 'deployment'), 0o644);
  await expect(start()).rejects.toMatchObject({ code: 'TQ-KEYS-07' });
  chmodSync(join(directory, 'deployment'), 0o600);
  server = await start();
});

test('the client waits for a keys role that is starting, and gives up with a retryable error', async () => {
  const port = Number(new URL(server.url).port);
  await server.close();
  await expect(as('worker').siteKeys('shop')).rejects.toMatchObject({ code: 'TQ-KEYS-10', retryable: true });
  const waiting = as('worker', undefined, 60_000).siteKeys('shop');
  server = await start(port);
  expect((await waiting).epoch).toBe(1);
});

test('a port in use stops the start and leaves nothing open', async () => {
  const { port } = new URL(server.url);
  await server.close();
  const other = createServer().listen(Number(port), '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  await expect(start(Number(port))).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await new Promise((resolve) => other.close(resolve));
  server = await start();
});

test('with a certificate the role speaks TLS 1.3, and plain HTTP gets no answer', async () => {
  const file = (name: string): string => join(home, name);
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1', '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', file('key.pem'), '-out', file('cert.pem')], { stdio: 'ignore' });
  const cert = readFileSync(file('cert.pem'));
  const secured = await startKeysServer({ directory: file('secured'), host: '127.0.0.1', port: 0, roleSecrets, tls: { cert, key: readFileSync(file('key.pem')) } });
  const answer = await new Promise<{ status: number | undefined; protocol: string | null }>((resolve, reject) => {
    get(`${secured.url}/v1/checkpoint-verifier`, { ca: cert, agent: false }, (response) => {
      response.resume();
      // A response over https comes through a TLS socket.
      resolve({ status: response.statusCode, protocol: (response.socket as TLSSocket).getProtocol() });
    }).on('error', reject);
  });
  expect(secured.url).toMatch(/^https:/);
  expect(answer).toEqual({ status: 200, protocol: 'TLSv1.3' });
  await expect(fetch(`${secured.url.replace('https', 'http')}/v1/checkpoint-verifier`)).rejects.toThrow();
  await secured.close();
});
