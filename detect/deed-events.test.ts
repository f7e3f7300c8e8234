import { expect, test } from 'vitest';
import { seededRandom } from '../contracts/seeded-random.ts';
import { deriveAct } from './acts/v1/act.ts';
import { timestampOf } from './derivation/v1/event-columns.ts';
import { deedEvents } from './deed-events.ts';
import { loadNative } from './native/binding.ts';

const SEED = Number(process.env['TOURNIQUET_SEED'] ?? 20261121);
const native = await loadNative();

const TOP = ['@timestamp', 'event', 'user', 'source', 'client', 'wordpress', 'destination', 'woocommerce', 'file', 'tourniquet', 'subjects', 'url', 'http', 'message', 'ai'];
const INNER = ['category', 'action', 'kind', 'id', 'name', 'roles', 'ip', 'session', 'hash', 'key', 'data', 'classes', 'fields', 'records', 'token', 'type', 'target', 'domain', 'order', 'path', 'outbound', 'region', '__proto__'];
const VALUES = ['""', '"a"', '"data_access"', '"2026-11-20T09:12:44Z"', '"2026\\u002d11-20T09:12:44Z"', '"}"', '"\\""', '"\\\\"', '[]', '{}', 'null', 'true', '0', '-1.5e3', '"abcdefghijklmnopabcdefgh"', '[{"token":"abcdefghijklmnopabcdefgh","type":"customer"}]', '"\u00e9"', '["b","a"]'];

function lineOf(random: ReturnType<typeof seededRandom>): string {
  const gap = (): string => (random.chance(0.05) ? random.pick([' ', '\t', '  ']) : '');
  const value = (depth: number): string => (depth > 3 || random.chance(0.5) ? random.pick(VALUES) : object(INNER, depth + 1));
  const object = (names: readonly string[], depth: number): string => {
    const keys = new Set(Array.from({ length: random.below(8) }, () => random.pick(names)));
    // Another spelling of a name, which must not be lost.
    const spelled = (name: string): string => (random.chance(0.01) ? `\\u00${name.charCodeAt(0).toString(16)}${name.slice(1)}` : random.chance(0.01) ? `${name}.${random.pick(INNER)}` : name);
    return `{${gap()}${[...keys].map((name) => `"${spelled(name)}"${gap()}:${gap()}${value(depth)}`).join(`${gap()},${gap()}`)}${gap()}}`;
  };
  return object(TOP, 0);
}

test(`a shortened line gives the deed of the whole one, for 20,000 of any shape, seed ${SEED}`, () => {
  const random = seededRandom(SEED);
  let shortened = 0;
  for (let round = 0; round < 100; round++) {
    const lines = Array.from({ length: 200 }, () => lineOf(random));
    const body = Buffer.from(lines.map((line) => `${line}\n`).join(''));
    const { table } = native.inspect(body, undefined);
    const events = deedEvents(native, body, Uint32Array.from(table, (word, i) => (i % 3 === 2 && /[^\0-\x7f]/.test(lines[(i - 2) / 3] ?? '') ? word | 256 : word)));
    for (const [i, line] of lines.entries()) {
      const event = events.at(i);
      if (event === undefined) continue;
      shortened++;
      const whole: unknown = JSON.parse(line);
      const [one, other] = [{ deed: deriveAct(event, 'plugin', []), at: timestampOf(event, 5) }, { deed: deriveAct(whole, 'plugin', []), at: timestampOf(Object(whole), 5) }];
      if (JSON.stringify(one) !== JSON.stringify(other)) expect({ line, ...one }).toEqual({ line, ...other });
    }
  }
  expect(shortened).toBeGreaterThan(5_000);
});

test('damaged lines and places are refused or read as something, never beyond their bytes', () => {
  const random = seededRandom(SEED);
  for (let i = 0; i < 10_000; i++) {
    const line = lineOf(random);
    const cut = Buffer.from(line.slice(0, 1 + random.below(line.length)), 'latin1');
    for (const place of native.members(cut, Uint32Array.of(0, cut.length, 0), TOP)) expect(place <= cut.length || place === 0xffffffff).toBe(true);
  }
  expect(() => native.members(Buffer.alloc(4), Uint32Array.of(0, 5, 0), TOP)).toThrow(TypeError);
  expect(() => native.members(Buffer.alloc(4), Uint32Array.of(3, 3, 0), TOP)).toThrow(TypeError);
  expect(() => native.members(Buffer.alloc(4), Uint32Array.of(0, 4, 0), [])).toThrow(TypeError);
  expect(native.members(Buffer.from('{"a":1}'), Uint32Array.of(0, 7, 3), ['a'])[0]).toBe(0xffffffff);
});
