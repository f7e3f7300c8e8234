import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

it('the list of what wakes an observer is what the observers listen to', () => {
  const printed = execFileSync('php', [new URL('unit/listens.php', import.meta.url).pathname], { encoding: 'utf8' });
  expect(readFileSync(new URL('plugin/src/listens.php', import.meta.url), 'utf8'), 'php unit/listens.php > plugin/src/listens.php').toBe(printed);
});
