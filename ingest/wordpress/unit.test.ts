import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const UNIT = fileURLToPath(new URL('unit', import.meta.url));

it('passes the unit tests of the plugin', () => {
  const run = spawnSync('phpunit', ['--do-not-cache-result', '--bootstrap', `${UNIT}/bootstrap.php`, UNIT], { encoding: 'utf8' });
  expect(run.error).toBeUndefined();
  expect(run.status, `${run.stdout}${run.stderr}`).toBe(0);
});
