import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { healthOf, readHealth, rolesOf } from './health.ts';
import { homeAt, makeHome } from './home.ts';
import type { Home } from './home.ts';
import { removeRunFile, writeRunFile } from './run-file.ts';
import type { RunFile } from './run-file.ts';

const NOW_MS = Date.parse('2026-11-21T10:00:00.000Z');
/** No process has this id: it is above the kernel's limit. */
const NOBODY = 2 ** 22 + 1;

function worker(changes: Partial<RunFile> = {}): RunFile {
  return { role: 'worker', pid: process.pid, url: '', started_at: '2026-11-21T09:00:00.000Z', updated_at: '2026-11-21T09:59:59.000Z', status: {}, ...changes };
}

let home: Home;

beforeEach(() => {
  home = homeAt(mkdtempSync(path.join(os.tmpdir(), 'tourniquet-health-')));
  makeHome(home);
});

afterEach(() => rmSync(home.root, { recursive: true, force: true }));

test('a role that renewed its run file of late is well', () => {
  expect(healthOf('worker', worker(), NOW_MS)).toEqual({ role: 'worker', ok: true, problem: '' });
});

test.each([
  ['has no run file', undefined, 'it does not run'],
  ['fell silent', worker({ updated_at: '2026-11-21T09:59:49.000Z' }), 'no sign of life since 2026-11-21T09:59:49.000Z'],
  ['fell silent before the clock was set back', worker({ updated_at: '2026-11-21T11:00:00.000Z' }), 'no sign of life since 2026-11-21T11:00:00.000Z'],
  ['wrote no time', worker({ updated_at: '' }), 'no sign of life since '],
  ['calls itself stuck', worker({ status: { stuck: 'partition 3 waits for the store since 09:12' } }), 'partition 3 waits for the store since 09:12'],
])('a role that %s is not well, and the problem is named', (_title, run, problem) => {
  expect(healthOf('worker', run, NOW_MS)).toEqual({ role: 'worker', ok: false, problem });
});

test('a role that died leaves its run file and counts; one that ended cleanly does not', () => {
  writeRunFile(home, worker({ role: 'gateway' }));
  writeRunFile(home, worker({ pid: NOBODY }));
  writeRunFile(home, worker({ role: 'keys' }));
  removeRunFile(home, 'keys');
  expect(rolesOf(home)).toEqual(['gateway', 'worker']);
  expect(readHealth(home, rolesOf(home), NOW_MS).map((r) => [r.role, r.problem])).toEqual([['gateway', ''], ['worker', 'it does not run']]);
});
