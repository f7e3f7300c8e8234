import { expect, test } from 'vitest';
import { sourceOf } from './ingress-record.ts';
import type { IngressHeaders } from './ingress-record.ts';

function source(key: string | Buffer | null, headers: IngressHeaders = {}) {
  const { site = '-', format = '-' } = sourceOf({ offset: 0, value: null, key: key === null ? null : Buffer.from(key), headers });
  return `${site} ${format}`;
}

test.each([
  ['shop', {}, 'shop ndjson'],
  ['shop/combined', {}, 'shop combined'],
  ['shop/nginx/more', {}, 'shop nginx'],
  ['shop/', {}, 'shop -'],
  ['shop/access', {}, 'shop -'],
  ['shop', { 'tourniquet-site': 'other' }, 'other ndjson'],
  ['shop', { 'tourniquet-site': Buffer.from('other') }, 'other ndjson'],
  ['shop/nginx', { 'tourniquet-site': 'other', 'tourniquet-format': 'common' }, 'other common'],
  ['shop/nginx', { 'tourniquet-site': 'other' }, 'other nginx'],
  [null, { 'tourniquet-site': 'shop', 'tourniquet-format': Buffer.from('php-error') }, 'shop php-error'],
  ['shop', { 'tourniquet-site': '' }, '- ndjson'],
  ['shop', { 'tourniquet-site': undefined }, '- ndjson'],
  ['shop', { 'tourniquet-site': ['shop', 'shop'] }, 'shop ndjson'],
  ['shop', { 'tourniquet-site': ['shop', 'other'] }, '- ndjson'],
  ['shop', { 'tourniquet-format': 'NDJSON' }, 'shop -'],
  ['shop', { 'tourniquet-format': '__proto__' }, 'shop -'],
  ['_system', {}, '- ndjson'],
  ['Shop', {}, '- ndjson'],
  ['../shop', {}, '- -'],
  ['', {}, '- ndjson'],
  [null, {}, '- ndjson'],
  [Buffer.from([0xff, 0x00]), {}, '- ndjson'],
  ['s'.repeat(65), {}, '- ndjson'],
  ['s'.repeat(100_000), {}, '- ndjson'],
])('a record with the key %s and the headers %j is of %s', (key, headers, expected) => {
  expect(source(key, headers)).toBe(expected);
});
