import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const CLI = fileURLToPath(new URL('../cli.ts', import.meta.url));
const home = mkdtempSync(path.join(tmpdir(), 'tourniquet-up-'));
afterAll(() => rmSync(home, { recursive: true }));

/** The code and what was said behind the roles' own lines, of a start that fails. */
async function up(settings: string): Promise<readonly [code: unknown, said: string]> {
  writeFileSync(path.join(home, 'tourniquet.yaml'), `${settings}gateway: { port: 0 }\nstorage: { port: 0 }\nkeys: { port: 0 }\nconsole: { port: 0 }\n`);
  const child = spawn(process.execPath, [CLI, 'up'], { env: { ...process.env, TOURNIQUET_HOME: home, TOURNIQUET_CONFIG: undefined }, stdio: ['ignore', 'ignore', 'pipe'] });
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  return [code, said.split('\n').filter((line) => !line.startsWith('{')).join('\n')];
}

test('a first start with a wrong rule ends with its place, and no stack', async () => {
  const rule = path.join(home, 'wrong.yml');
  writeFileSync(rule, 'title: Wrong\nlogsource: { category: webserver }\ndetection: { s: { x|contians: admin }, condition: s }\n');
  const [code, said] = await up(`rules:\n  paths: [${rule}]\n`);
  expect(code).toBe(1);
  expect(said).toMatch(/^tourniquet: worker: the rules have errors: .*:\nwrong\.yml:3:21: unknown modifier `contians`\n {2}3 \| .*\n {4}\| +\^{8}\n {4}= did you mean `contains`\?\n$/);
});

test('a setting that cannot be used ends it, too, and is not tried for ever', async () => {
  expect(await up('rules:\n  placeholders: [nothing]\n')).toEqual([1, 'tourniquet: worker: rules.placeholders: "nothing" must be name=value\n']);
});
