import { createDecipheriv, hkdfSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { vectorJson } from '../../contracts/reference-data.ts';
import { breachInput, NEWEST_EPOCH, SITE, TOKEN_KEY } from './bundle-fixture.ts';
import { noticeKeyOf, openRecipients, parseRecipients, sealRecipients } from './recipients.ts';
import type { Recipient } from './recipients.ts';

const { subjects } = breachInput({ seed: 3, deeds: 12, persons: 9 }).report;
const NOTICE = { epoch: NEWEST_EPOCH, key: noticeKeyOf(TOKEN_KEY) };
const SEALED = sealRecipients(SITE, NOTICE, subjects);

function parsed(text: string): NonNullable<ReturnType<typeof parseRecipients>> {
  const found = parseRecipients(text);
  if (found === undefined) throw new Error('not a sealed list');
  return found;
}

test('the site opens what was sealed for it', () => {
  expect(openRecipients(parsed(SEALED), NOTICE.key)).toEqual(subjects.map(({ subject, kind, jurisdiction, classes, firstMs, lastMs }) => ({ token: subject, kind, jurisdiction, classes, firstMs, lastMs })));
});

test('the documented steps open it, without our code', () => {
  const { site, epoch, nonce, sealed } = JSON.parse(SEALED) as { site: string; epoch: number; nonce: string; sealed: string }; // as documented
  const key = Buffer.from(hkdfSync('sha256', TOKEN_KEY, '', 'tourniquet/notice/v1', 32));
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64')).setAAD(Buffer.from(`tourniquet/notice/v1\n${site}\n${epoch}\n`)).setAuthTag(bytes.subarray(-16));
  const lines = Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString().trimEnd().split('\n');
  expect(lines).toHaveLength(subjects.length);
  expect(JSON.parse(lines[0] ?? '')).toHaveProperty('token', subjects[0]?.subject);
});

test('what the vectors say opens, and is sealed to the same bytes', () => {
  const vector = vectorJson('recipients.json') as { token_key: string; notice_key: string; sealed: object; opened: readonly Recipient[] }; // its shape, as every language reads it
  const key = noticeKeyOf(Buffer.from(vector.token_key, 'hex'));
  expect(key.toString('hex')).toBe(vector.notice_key);
  expect(openRecipients(parsed(JSON.stringify(vector.sealed)), key)).toEqual(vector.opened);
  const [first] = subjects;
  if (first === undefined) throw new Error('the breach has persons');
  const again = sealRecipients('clinic-shop', { epoch: 2, key }, vector.opened.map(({ token, ...rest }) => ({ ...first, ...rest, subject: token })));
  expect(JSON.parse(again)).toEqual(vector.sealed);
});

test('no token can be read in it', () => {
  for (const { subject } of subjects) expect(SEALED).not.toContain(subject);
});

test('the same list is the same bytes, another list has another nonce', () => {
  expect(sealRecipients(SITE, NOTICE, subjects)).toBe(SEALED);
  const others = [sealRecipients(SITE, NOTICE, subjects.slice(1)), sealRecipients('other', NOTICE, subjects), sealRecipients(SITE, { ...NOTICE, epoch: 3 }, subjects)];
  expect(new Set([SEALED, ...others].map((text) => parsed(text).nonce.toString('hex'))).size).toBe(4);
});

test('another key, site or epoch, or a changed byte, opens nothing', () => {
  const sealed = parsed(SEALED);
  expect(openRecipients(sealed, noticeKeyOf(Buffer.alloc(32, 5)))).toBeUndefined();
  expect(openRecipients({ ...sealed, site: 'other' }, NOTICE.key)).toBeUndefined();
  expect(openRecipients({ ...sealed, epoch: 1 }, NOTICE.key)).toBeUndefined();
  for (const at of [0, 20, sealed.sealed.length - 1]) {
    const bytes = Buffer.from(sealed.sealed);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    expect(openRecipients({ ...sealed, sealed: bytes }, NOTICE.key)).toBeUndefined();
  }
});

test.each(['', '[]', 'null', '{}', '{"v":1}', SEALED.replace('"v":1', '"v":2'), SEALED.replace(/"nonce":"[^"]*"/, '"nonce":"AAAA"'), SEALED.replace(/"sealed":"[^"]*"/, '"sealed":"AAAA"'), SEALED.replace(SITE, '../x'), SEALED.replace('"epoch":2', '"epoch":2.5')])('no sealed list: %.40s', (text) => {
  expect(parseRecipients(text)).toBeUndefined();
});
