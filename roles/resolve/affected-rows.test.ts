import { expect, test } from 'vitest';
import { tokenOf } from '../../contracts/token.ts';
import { columnOf, createLookup } from './affected-rows.ts';
import { formatTokenKeys, parseTokenKeys } from './token-key-file.ts';

const KEYS = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
const [OLD = Buffer.alloc(0), NEW = Buffer.alloc(0)] = KEYS;

function recipient(token: string): Parameters<typeof createLookup>[0][number] {
  return { token, kind: 'customer', jurisdiction: 'DE', classes: ['pii.email'], firstMs: 1, lastMs: 2 };
}

function row(...cells: readonly string[]): { readonly line: number; readonly cells: readonly string[] } {
  return { line: 2, cells };
}

test('a person is found by the token of any key epoch, however the address is written', () => {
  const lookup = createLookup([recipient(tokenOf(OLD, 'email', 'ana@example.org')), recipient(tokenOf(NEW, 'email', 'bo@example.org'))], KEYS, 'email', 1);
  expect(lookup.find(row('1', ' Ana@Example.ORG '))?.recipient.token).toBe(tokenOf(OLD, 'email', 'ana@example.org'));
  expect(lookup.find(row('2', 'bo@example.org'))).toBeDefined();
  expect(lookup.find(row('3', 'bo@example.org'))?.row.cells[0]).toBe('3');
  expect(lookup.find(row('4', 'cy@example.org'))).toBeUndefined();
  expect(lookup.found()).toBe(2);
});

test('an empty or missing cell is nobody, even if its token is on the list', () => {
  const lookup = createLookup([recipient(tokenOf(NEW, 'phone', ''))], KEYS, 'phone', 1);
  for (const cells of [['1', ''], ['1', ' - '], ['1']]) expect(lookup.find(row(...cells))).toBeUndefined();
});

test('another kind of identifier has another token', () => {
  expect(createLookup([recipient(tokenOf(NEW, 'phone', '+44 (0)20 7946 0018'))], KEYS, 'phone', 0).find(row('0044 20 79460018'))).toBeDefined();
  expect(createLookup([recipient(tokenOf(NEW, 'digits', '2079460018'))], KEYS, 'phone', 0).find(row('2079460018'))).toBeUndefined();
});

test.each([
  [['id', 'E-Mail'], 'email', undefined, 1],
  [['billing_email', 'email'], 'email', undefined, 1],
  [['id', 'Billing Phone'], 'phone', undefined, 1],
  [['id', 'Contact '], 'email', 'contact', 1],
] as const)('in %j the %s column is found', (heads, kind, named, at) => {
  expect(columnOf(heads, kind, named)).toBe(at);
});

test('a column that is not there is named with those that are, but a row of values is not shown', () => {
  expect(() => columnOf(['id', 'name'], 'email', undefined)).toThrow('name it with --column; there are "id", "name"');
  expect(() => columnOf(['id', 'name'], 'email', 'mail')).toThrow('has no such column; there are "id", "name"');
  expect(() => columnOf(['ana@example.org', '+49 555 0100'], 'email', 'mail')).toThrow("the first row must hold the columns' names");
  expect(() => columnOf(['ana@example.org', '+49 555 0100'], 'email', 'mail')).not.toThrow('ana@example.org');
});

test('a file of token keys is read as it was written, anything else refused without its content', () => {
  const text = formatTokenKeys({ site: 'clinic-shop', keys: KEYS });
  expect(parseTokenKeys(text)).toEqual({ site: 'clinic-shop', keys: KEYS });
  for (const bad of ['', 'secret', '[]', 'null', text.replace('"v":1', '"v":2'), text.replace('clinic-shop', '../x'), text.replace(/"keys":.*\]/, '"keys":[]'), text.replace(/"keys":.*\]/, '"keys":["c2VjcmV0"]')]) {
    expect(() => parseTokenKeys(bad)).toThrow('--site-key names no file of token keys');
    expect(() => parseTokenKeys(bad)).not.toThrow(/secret|c2VjcmV0/);
  }
});
