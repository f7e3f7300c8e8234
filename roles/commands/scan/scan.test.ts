import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';

const CLI = fileURLToPath(new URL('../../cli.ts', import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), 'tourniquet-scan-'));
const RULE = 'title: Settings read\nname: settings\nlogsource: { category: webserver }\ndetection: { s: { url.path|startswith: /settings/ }, condition: s }\n';
const REPEATED = `${RULE}---\ntitle: Settings read twice\nname: twice\nlevel: high\ncorrelation: { type: event_count, rules: [settings], group-by: [source.ip], timespan: 1m, condition: { gte: 2 } }\n`;

function file(name: string, content: string): string {
  writeFileSync(path.join(folder, name), content);
  return path.join(folder, name);
}

function eventAt(seconds: number): string {
  return JSON.stringify({ '@timestamp': new Date(Date.parse('2026-11-20T10:00:00Z') + seconds * 1_000).toISOString(), event: { category: ['web'] }, source: { ip: '203.0.113.7' }, url: { path: '/settings/7' } });
}

const rule = file('rule.yml', RULE);
const rules = path.join(folder, 'rules');
mkdirSync(rules);
file('rules/rule.yml', RULE);
const repeated = file('repeated.yml', REPEATED);
const events = file('events.ndjson', `${eventAt(0)}\n${eventAt(1)}\n`);
afterAll(() => rmSync(folder, { recursive: true }));

function start(args: readonly string[]): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [CLI, 'scan', ...args], { env: { ...process.env, XDG_CACHE_HOME: folder, TOURNIQUET_HOME: folder, TOURNIQUET_CONFIG: undefined } });
}

async function scan(args: readonly string[], input = ''): Promise<{ readonly code: unknown; readonly results: readonly unknown[]; readonly said: string }> {
  const child = start(args);
  child.stdin.end(input);
  const [out, said, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code, results: out.split('\n').filter((line) => line !== '').map((line): unknown => JSON.parse(line)), said };
}

const MATCH = { line: 0, rule: 'settings', level: 'medium', class: '', title: 'Settings read', field: 'url.path' };

describe('scan --rules', () => {
  test('prints the keys of matches', async () => {
    expect(await scan([events, '--rules', rule])).toEqual({ code: 0, said: '', results: [MATCH, { ...MATCH, line: 1 }] });
  });

  test('prints the keys of correlations, and marks what a late event completed', async () => {
    const of = (lines: readonly number[], second: number, late: boolean): object => ({
      lines, rule: 'twice', level: 'high', class: '', title: 'Settings read twice', group: { 'source.ip': '203.0.113.7' }, value: 2,
      start: new Date(Date.parse('2026-11-20T10:00:00Z') + second * 1_000).toISOString(), end: new Date(Date.parse('2026-11-20T10:00:01Z') + second * 1_000).toISOString(), late,
    });
    const input = [7_200, 7_201, 0, 1].map((second) => `${eventAt(second)}\n`).join('');
    expect(await scan(['--rules', repeated], input)).toEqual({ code: 0, said: '', results: [of([0, 1], 7_200, false), of([2, 3], 0, true)] });
  });

  test.each([
    ['the file behind the rules', ['--rules', rule, events]],
    ['a folder of rules', ['--rules', rules, '--logsource', 'any', events]],
    ['"-" behind the rules', ['--rules', rule, '-']],
    ['standard input', ['--rules', rule]],
    ['a log source named', ['--rules', rule, '--logsource', 'category=webserver', events]],
  ])('takes %s', async (_what, args) => {
    const { code, results } = await scan(args, args.includes(events) ? '' : `${eventAt(0)}\n${eventAt(1)}`);
    expect({ code, results }).toEqual({ code: 0, results: [MATCH, { ...MATCH, line: 1 }] });
  });

  test.each([
    [['--rules', path.join(folder, 'none.yml'), events], 'there is no file or folder'],
    [['--rules', rule, path.join(folder, 'none.ndjson')], 'there is no file or folder'],
    [['--rules', rule, '--logsource', 'webserver', events], 'is no log source'],
    [['--rules', rule, '--logsource', 'category=a,category=b', events], 'twice'],
  ])('%j is wrong use: exit code 2', async (args, said) => {
    expect(await scan(args)).toMatchObject({ code: 2, said: expect.stringContaining(said) });
  });

  test('takes placeholders from the configuration', async () => {
    file('tourniquet.yaml', 'rules:\n  placeholders: [secret_places=/settings/7]\n');
    const { code, results } = await scan(['--rules', file('placeholder.yml', RULE.replace('url.path|startswith: /settings/', "url.path|expand: '%secret_places%'")), events]);
    expect({ code, results }).toEqual({ code: 0, results: [MATCH, { ...MATCH, line: 1 }] });
  });

  test('without a rule is wrong use, too', async () => {
    mkdirSync(path.join(folder, 'empty'));
    expect(await scan(['--rules', path.join(folder, 'empty'), events])).toMatchObject({ code: 2, said: expect.stringContaining('there is no rule in') });
  });

  test('with a broken rule shows its place: exit code 1', async () => {
    const { code, said, results } = await scan(['--rules', file('broken.yml', RULE.replace('startswith', 'beginswith')), events]);
    expect({ code, results }).toEqual({ code: 1, results: [] });
    expect(said).toMatch(/^tourniquet: the rules have errors: .*:\nbroken\.yml:4:\d+: unknown modifier.*\n {2}4 \| .*\n.*\^+\n/);
  });
});

test('a reader that goes away ends a scan, quietly', async () => {
  const child = start(['--rules', rule]);
  const said = text(child.stderr);
  const exit = once(child, 'exit');
  child.stdin.on('error', () => undefined);
  child.stdin.write(`${eventAt(0)}\n`.repeat(10_000));
  await once(child.stdout, 'data');
  child.stdout.destroy();
  child.stdin.end(`${eventAt(0)}\n`.repeat(10_000));
  expect([await exit, await said]).toEqual([[0, null], '']);
});
