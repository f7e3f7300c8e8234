import { describe, expect, test } from 'vitest';
import type { Settings } from '../../contracts/settings.ts';
import { loadConfig } from './config.ts';
import { printConfig } from './print.ts';
import { ConfigError, readConfig, readSecret } from './read.ts';

const SETTINGS = {
  gateway: {
    host: { kind: 'text', default: '127.0.0.1', comment: 'address' },
    port: { kind: 'integer', default: 7710, least: 0, most: 65_535, comment: 'port' },
  },
  mode: { kind: 'text', default: 'fast', oneOf: ['fast', 'slow'], comment: 'how' },
  tls: { kind: 'switch', default: false, comment: 'whether' },
  names: { kind: 'list', default: [], comment: 'which' },
  password: { kind: 'secret', default: '', comment: 'secret' },
} as const satisfies Settings;

function problemsOf(text: string): readonly string[] {
  try {
    readConfig(SETTINGS, text, 'c.yaml');
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('readConfig', () => {
  test('an empty file gives the defaults, frozen', () => {
    const config = readConfig(SETTINGS, '', 'c.yaml');
    expect(config).toEqual({ gateway: { host: '127.0.0.1', port: 7710 }, mode: 'fast', tls: false, names: [], password: '' });
    expect(Object.isFrozen(config.gateway)).toBe(true);
  });

  test('every problem is reported at once, each with its place', () => {
    expect(problemsOf('gatewy: 1\ngateway:\n  prot: 1\n  port: 99999\nmode: fst\ntls: yes please\nnames: a\n')).toEqual([
      'c.yaml:1:1: there is no key "gatewy". Did you mean "gateway"?',
      'c.yaml:3:3: there is no key "gateway.prot". Did you mean "port"?',
      'c.yaml:4:9: gateway.port must be a whole number from 0 to 65535',
      'c.yaml:5:7: mode must be one of fast, slow. Did you mean "fast"?',
      'c.yaml:6:6: tls must be true or false',
      'c.yaml:7:8: names must be a list of texts',
    ]);
  });

  test('a secret written out is refused without repeating it', () => {
    const problems = problemsOf('password: hunter2\n');
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain('must be a reference');
    expect(problems[0]).not.toContain('hunter2');
  });

  test('a secret is read from the environment, and a missing variable is a problem', () => {
    process.env['TOURNIQUET_TEST_SECRET'] = 'abc';
    expect(problemsOf('password: env:TOURNIQUET_TEST_SECRET\n')).toEqual([]);
    expect(readSecret('env:TOURNIQUET_TEST_SECRET')).toBe('abc');
    delete process.env['TOURNIQUET_TEST_SECRET'];
    expect(problemsOf('password: env:TOURNIQUET_TEST_SECRET\n')).toHaveLength(1);
  });

  test.each(['[', 'a: b: c', 'gateway: 5', 'gateway:\n\t- x', '- 1', 'tls: true\ntls: false'])('hostile text %j gives problems, not a crash', (text) => {
    expect(problemsOf(text).length).toBeGreaterThan(0);
  });

  test('__proto__ is an unknown key like any other', () => {
    expect(problemsOf('__proto__:\n  tls: true\n')[0]).toContain('there is no key "__proto__"');
  });

  test('what --print prints reads back as the same configuration', () => {
    const config = readConfig(SETTINGS, 'names: [a, "b: c"]\ngateway: {port: 1}\n', 'c.yaml');
    expect(readConfig(SETTINGS, printConfig(SETTINGS, config), 'p.yaml')).toEqual(config);
  });
});

test('a configuration file that cannot be read is a problem of the configuration', () => {
  expect(() => loadConfig({ TOURNIQUET_CONFIG: import.meta.dirname })).toThrow(ConfigError);
});
