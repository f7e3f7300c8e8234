import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seededRandom } from '../../contracts/seeded-random.ts';
import type { Post } from './post.ts';
import { checkpointOf } from './test-log.ts';
import { readTimeStamp, timeStampRequest } from './time-stamp.ts';
import { createTimeStamper } from './time-stamper.ts';

const RANDOM = Buffer.from('8899aabbccddeeff', 'hex');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'tq-tsa-'));
  writeFileSync(at('tsa.cnf'), [
    '[ext]', 'extendedKeyUsage=critical,timeStamping', '[tsa]', 'default_tsa=a', '[a]', `serial=${at('serial')}`, 'default_policy=1.2.3.4.1', 'digests=sha256', `signer_digest=sha256`, 'ess_cert_id_alg=sha256', 'accuracy=secs:1', '',
  ].join('\n'));
  writeFileSync(at('serial'), '01\n');
  openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=tsa.example', '-extensions', 'ext', '-config', withRequest(), '-keyout', at('key.pem'), '-out', at('cert.pem'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function at(name: string): string {
  return path.join(folder, name);
}

function withRequest(): string {
  writeFileSync(at('req.cnf'), `[req]\ndistinguished_name=dn\nprompt=no\n[dn]\nCN=tsa.example\n${readFileSync(at('tsa.cnf'), 'utf8')}`);
  return at('req.cnf');
}

function openssl(...args: readonly string[]): Buffer {
  return execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'pipe'] });
}

/** The time-stamp authority of OpenSSL. */
function authority(request: Buffer): Buffer {
  writeFileSync(at('q.tsq'), request);
  openssl('ts', '-reply', '-config', at('tsa.cnf'), '-queryfile', at('q.tsq'), '-inkey', at('key.pem'), '-signer', at('cert.pem'), '-out', at('a.tsr'));
  return readFileSync(at('a.tsr'));
}

const post: Post = async (_url, _headers, body) => ({ status: 200, contentType: 'application/timestamp-reply', body: authority(Buffer.from(body)) });

test('OpenSSL reads a request as it was meant', () => {
  writeFileSync(at('q.tsq'), timeStampRequest('text', RANDOM).body);
  const read = openssl('ts', '-query', '-in', at('q.tsq'), '-text').toString();
  expect(read).toMatch(/Hash Algorithm: sha256/);
  expect(read).toMatch(/Nonce: 0x0999AABBCCDDEEFF/);
  expect(read).toMatch(/Certificate required: yes/);
});

test('the answer of an authority is taken for the text and request it was made for, and no other', () => {
  const request = timeStampRequest('text', RANDOM);
  const answer = authority(request.body);
  expect(readTimeStamp(answer, request)).toEqual({ ok: true, time: expect.stringMatching(/^2\d{13}/) });
  expect(readTimeStamp(answer, timeStampRequest('other', RANDOM))).toEqual({ ok: false, problem: 'the time stamp is for another text' });
  expect(readTimeStamp(answer, timeStampRequest('text', Buffer.alloc(8, 3)))).toEqual({ ok: false, problem: 'the time stamp answers another request' });
});

test('what was refused is told', () => {
  // A digest that this authority does not take.
  const query = openssl('ts', '-query', '-sha512', '-digest', 'ab'.repeat(64), '-cert');
  expect(readTimeStamp(authority(query), timeStampRequest('text', RANDOM))).toEqual({ ok: false, problem: 'the authority refused (status 2)' });
});

test('an answer that is cut or changed is never taken for another text, and never throws', () => {
  const seed = Number(process.env['SEED'] ?? 7);
  process.stdout.write(`time stamps: seed ${seed}\n`);
  const random = seededRandom(seed);
  const request = timeStampRequest('text', RANDOM);
  const answer = authority(request.body);
  for (let end = 0; end < answer.length; end++) expect(readTimeStamp(answer.subarray(0, end), request).ok).toBe(false);
  const other = timeStampRequest('other', RANDOM);
  for (let i = 0; i < 5_000; i++) {
    const bytes = Buffer.from(answer);
    for (let n = 0; n < 3; n++) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
    expect(readTimeStamp(bytes, other).ok).toBe(false);
  }
});

test('a note is dated beside the authority\'s word, which OpenSSL verifies; again only when it is time and the tree grew', async () => {
  const directory = at('stamps');
  let asked = 0;
  const stamper = createTimeStamper({ url: 'http://tsa.example/', directory, everyMs: 0, post: async (...args) => (asked++, post(...args)) });
  for (const size of [3, 3, 5]) await stamper.stamp(checkpointOf('_deployment', size));
  expect(asked).toBe(2);
  expect(readdirSync(directory).toSorted()).toEqual(['3.note', '3.tsr', '5.note', '5.tsr']);
  const verified = openssl('ts', '-verify', '-in', path.join(directory, '5.tsr'), '-data', path.join(directory, '5.note'), '-CAfile', at('cert.pem')).toString();
  expect(verified).toContain('Verification: OK');
  const slow = createTimeStamper({ url: 'http://tsa.example/', directory, everyMs: 3_600_000, post: async (...args) => (asked++, post(...args)) });
  for (const size of [6, 7]) await slow.stamp(checkpointOf('_deployment', size));
  expect(asked).toBe(3);
});

test('what is no time stamp is not kept, and is asked for again', async () => {
  const directory = at('none');
  const answers = [{ status: 500, body: '' }, { status: 200, body: 'not DER' }];
  const stamper = createTimeStamper({ url: 'http://tsa.example/', directory, everyMs: 3_600_000, post: async (...args) => {
    const next = answers.shift();
    return next === undefined ? post(...args) : { status: next.status, contentType: '', body: Buffer.from(next.body) };
  } });
  await expect(stamper.stamp(checkpointOf('_deployment', 3))).rejects.toThrow('status 500');
  await expect(stamper.stamp(checkpointOf('_deployment', 3))).rejects.toThrow('no RFC 3161');
  await stamper.stamp(checkpointOf('_deployment', 3));
  expect(readdirSync(directory)).toHaveLength(2);
});
