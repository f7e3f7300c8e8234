import { describe, expect, test } from 'vitest';
import { takes } from './judge-fixture.ts';
import { ownFile, traversal } from './path.ts';

describe('the judge of paths takes', () => {
  test.each(['f=⟨../⟩../etc/x', 'f=⟨..\\⟩..\\x', 'f=⟨....//⟩....//etc/passwd', 'f=⟨../⟩wp-config.php', 'f=⟨..%c0%af⟩..%c0%afetc', 'f=⟨..0x2f⟩..0x2fetc', 'd=/var/www/⟨../⟩../etc', 'f=img/⟨../⟩../../x'])('steps up: %s', (marked) => {
    expect(takes(traversal, marked)).toBe(true);
  });

  test.each(['f=⟨/etc/passwd⟩', 'f=../../⟨/etc/group⟩', 'f=file://⟨/etc/hosts⟩', 'f=⟨/etc/hosts⟩%00', 'x=;cat ⟨/etc/hosts⟩', 'f=/var/www/⟨wp-config.php⟩'])('files of the system: %s', (marked) => {
    expect(takes(ownFile, marked)).toBe(true);
  });
});

describe('the judge of paths leaves', () => {
  test.each(['c=<img src="⟨../⟩../wp-content/uploads/x.jpg">', "c=import x from '⟨../⟩../x.ts'", 'f=a/⟨../⟩b', 's=well⟨.../⟩or not', 's=⟨../⟩'])('%s', (marked) => {
    expect(takes(traversal, marked)).toBe(false);
  });

  test.each(['c=I edited ⟨/etc/hosts⟩ and now it works', 'u=https://shop.example⟨/etc/hosts⟩', 'c=please edit your ⟨wp-config.php⟩ and add a line', 's=⟨wp-config.php⟩ how to edit it'])('%s', (marked) => {
    expect(takes(ownFile, marked)).toBe(false);
  });

  test('the traces of loaders in messages', () => {
    expect(takes(traversal, 'PHP Warning in /var/www/vendor/composer/⟨../⟩../x.php', 'message')).toBe(false);
    expect(takes(traversal, 'GET /x?f=⟨../⟩../../etc/passwd', 'message')).toBe(true);
  });

  test('a hostile value costs what an honest one does', () => {
    const text = `f=${'a/../'.repeat(9_000)}/etc/passwd`;
    expect(ownFile(text, { start: text.length - 11, end: text.length }, 'url.query')).toBeDefined();
    expect(ownFile(`f=${' '.repeat(40_000)}x /etc/hosts`, { start: 40_004, end: 40_014 }, 'url.query')).toBeUndefined();
  });
});
