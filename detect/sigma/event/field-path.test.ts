import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../contracts/seeded-random.ts';
import type { Random } from '../../../contracts/seeded-random.ts';
import { compileField, textsOf } from './field-path.ts';
import type { EventObject } from './field-value.ts';
import { fieldValue, isObject, numberOf } from './field-value.ts';

function event(json: string): EventObject {
  return JSON.parse(json) as EventObject; // an object in each case
}

describe('a field', () => {
  it.for([
    ['its key', 'cs-uri-query', '{"cs-uri-query":"a"}', 'a'],
    ['a key with dots', 'a.b', '{"a.b":1}', 1],
    ['a path', 'a.b.c', '{"a":{"b":{"c":true}}}', true],
    ['a key with dots before a path', 'a.b', '{"a":{"b":2},"a.b":1}', 1],
    ['a path of keys with dots', 'a.b.c', '{"a.b":{"c":1}}', 1],
    ['a path that ends in a key with dots', 'a.b.c', '{"a":{"b.c":1}}', 1],
    ['the longer key first', 'a.b.c', '{"a":{"b.c":1},"a.b":{"c":2}}', 2],
    ['another way where one leads nowhere', 'a.b.c', '{"a.b":{"x":1},"a":{"b":{"c":3}}}', 3],
    ['null', 'a.b', '{"a":{"b":null}}', null],
    ['nothing', 'a.b', '{"a":{}}', undefined],
    ['nothing in a text', 'a.length', '{"a":"text"}', undefined],
    ['a list', 'a', '{"a":[1,"x",null,[2,[true]]]}', [1, 'x', null, 2, true]],
    ['an empty list', 'a', '{"a":[]}', []],
    ['an object as no values', 'a', '{"a":{"b":1}}', []],
    ['objects in a list as no values', 'a', '{"a":[{"b":1},2]}', [2]],
    ['a list of objects on the way', 'a.b', '{"a":[{"b":1},{"c":2},{"b":[3,4]}]}', [1, 3, 4]],
    ['nothing in a list of objects', 'a.b', '{"a":[{"c":1}]}', undefined],
    ['no inherited member', 'constructor', '{}', undefined],
    ['no inherited member on the way', 'a.constructor.name', '{"a":{}}', undefined],
    ['a key that looks inherited', 'a.__proto__.b', '{"a":{"__proto__":{"b":1}}}', 1],
    ['the empty name', '', '{"":1}', 1],
    ['dots alone', '..', '{"":{"":{"":1}}}', 1],
  ] as const)('reads %s', ([, name, json, value]) => expect(compileField(name).read(event(json))).toEqual(value));

  it('reads its own name before others, and of those the first that is there', () => {
    const { read, names, joints } = compileField('x', [[{ kind: 'field', name: 'a.b' }], [{ kind: 'field', name: 'c' }]]);
    expect([read({ x: null, c: 1 }), read({ a: { b: 2 }, c: 1 }), read({ c: 1 }), read({})]).toEqual([null, 2, 1, undefined]);
    expect({ names, joints }).toEqual({ names: ['x', 'a.b', 'c'], joints: '' });
  });

  it('joins texts, leaving out what is not there', () => {
    const { read, names, joints } = compileField('x', [[{ kind: 'joined', first: 'p', rest: [{ text: '?', name: 'q' }, { text: '#', name: 'f' }] }]]);
    expect([read({ p: '/a', q: 'b=1' }), read({ p: '/a' }), read({ q: 'b=1' }), read({ p: '/a', f: 2 }), read({ p: ['/a', '/b'] }), read({ p: {} }), read({ p: '/a', q: null })]).toEqual(['/a?b=1', '/a', undefined, '/a#2', undefined, undefined, '/a']);
    expect({ names, joints }).toEqual({ names: ['x', 'p', 'q', 'f'], joints: '?#' });
  });

  it('takes every source of a step', () => {
    const { read } = compileField('x', [[{ kind: 'field', name: 'a' }, { kind: 'field', name: 'b' }]]);
    expect([read({ a: 1, b: [2, 3] }), read({ b: 2 }), read({})]).toEqual([[1, 2, 3], 2, undefined]);
  });

  it('takes the extension of a path', () => {
    const { read, joints } = compileField('x', [[{ kind: 'extension', name: 'p' }]]);
    expect(['/a/b.tar.gz', '/a.b/c', '/', `/a.${'x'.repeat(17)}`, 'exe'].map((p) => read({ p }))).toEqual(['gz', undefined, undefined, undefined, undefined]);
    expect(joints).toBe('.');
  });

  it('takes no recursion for deep events', () => {
    const deep = event(`{"a":${'['.repeat(20_000)}7${']'.repeat(20_000)}}`);
    expect(compileField('a').read(deep)).toEqual([7]);
    expect(textsOf(deep)).toEqual(['7']);
  });
});

describe('the texts of an event', () => {
  it('are all values at any depth, without keys and nulls', () => {
    expect(textsOf(event('{"a":"x","b":{"c":[1,null,{"d":true}],"__proto__":"p"},"e":1.50}')).toSorted()).toEqual(['1', '1.5', 'p', 'true', 'x']);
  });
});

describe('a number', () => {
  it.for([[1.5, 1.5], ['-12', -12], ['0.25', 0.25], ['1e3', undefined], ['0x10', undefined], [' 1', undefined], ['', undefined], [true, undefined], [null, undefined]] as const)('%j reads as %j', ([value, number]) => expect(numberOf(value)).toBe(number));
});

const KEYS = ['a', 'b', 'a.b', 'b.a', '', '__proto__', 'constructor'];

function randomValue(random: Random, depth: number): unknown {
  const kind = depth === 0 ? random.below(3) : random.below(7);
  if (kind < 3) return random.pick(['x', 1, true, null, '']);
  if (kind === 3) return Array.from({ length: random.below(3) }, () => randomValue(random, depth - 1));
  return randomObject(random, depth - 1);
}

function randomObject(random: Random, depth: number): EventObject {
  const members = Array.from({ length: random.below(4) }, () => `${JSON.stringify(random.pick(KEYS))}:${JSON.stringify(randomValue(random, depth))}`);
  return event(`{${members.join(',')}}`);
}

/** The same meaning, said as plainly as can be. */
function plainRead(object: unknown, name: string): unknown {
  if (Array.isArray(object)) {
    const found = object.filter((entry) => isObject(entry)).map((entry) => plainRead(entry, name)).filter((value) => value !== undefined);
    return found.length === 0 ? undefined : found;
  }
  if (!isObject(object)) return undefined;
  const own = (key: string): unknown => Object.entries(object).find(([one]) => one === key)?.[1];
  const dots = [...name].flatMap((character, i) => (character === '.' ? [i] : [])).toReversed();
  const ways = [own(name), ...dots.map((dot) => plainRead(own(name.slice(0, dot)), name.slice(dot + 1)))];
  return ways.find((value) => value !== undefined);
}

describe('random events', () => {
  it('are read as a plain reading reads them', () => {
    const seed = 20261121;
    const random = seededRandom(seed);
    const different: string[] = [];
    let there = 0;
    for (let i = 0; i < 20_000; i++) {
      const object = randomObject(random, 4);
      const name = Array.from({ length: random.between(1, 4) }, () => random.pick(KEYS)).join('.');
      const value = compileField(name).read(object);
      if (JSON.stringify(value) !== JSON.stringify(fieldValue(plainRead(object, name)))) different.push(`seed ${seed}: ${name} of ${JSON.stringify(object)}`);
      if (value !== undefined) there++;
    }
    expect(different).toEqual([]);
    expect(there).toBeGreaterThan(500);
  });
});
