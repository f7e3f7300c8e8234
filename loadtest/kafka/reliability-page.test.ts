import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = new URL('../../', import.meta.url);

function read(file: string): string {
  return readFileSync(fileURLToPath(new URL(file, ROOT)), 'utf8');
}

/** A file in backticks, or a title in italics that stands in the file before it. */
const CITED = /`([\w./-]+\.ts)`|\*([^*`]+)\*/g;

test('every test that docs/reliability.md cites exists under its title', () => {
  const page = read('docs/reliability.md');
  const rows = page.slice(page.indexOf('## Faults'), page.indexOf('## Measured')).split('\n').filter((line) => line.startsWith('| '));
  const wrong: string[] = [];
  let titles = 0;
  for (const row of rows) {
    let file = '';
    for (const [, cited, title] of row.matchAll(CITED)) {
      if (cited !== undefined) file = cited;
      if (cited !== undefined && !existsSync(new URL(cited, ROOT))) wrong.push(`there is no ${cited}`);
      if (title === undefined) continue;
      titles += 1;
      if (!existsSync(new URL(file, ROOT)) || !read(file).includes(title)) wrong.push(`${file} has no "${title}"`);
    }
  }
  expect(wrong).toEqual([]);
  expect(titles).toBeGreaterThan(25);
});
