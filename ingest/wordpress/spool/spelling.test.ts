import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { seededRandom } from '../../../contracts/seeded-random.ts';

const AUTOLOAD = fileURLToPath(new URL('../plugin/src/Autoload.php', import.meta.url));

const PHP = `
require $argv[1];
while (($line = fgets(STDIN)) !== false) {
    $text = json_decode($line);
    echo json_encode([Tourniquet\\Record\\Spelling::nfkc($text), Tourniquet\\Record\\Spelling::lower($text)]), "\\n";
}`;

function spellings(texts: readonly string[]): readonly (readonly string[])[] {
  const out = execFileSync('php', ['-r', PHP, '--', AUTOLOAD], { input: texts.map((t) => `${JSON.stringify(t)}\n`).join(''), maxBuffer: 2 ** 28, encoding: 'utf8' });
  // Our own program wrote them.
  return out.trimEnd().split('\n').map((line) => JSON.parse(line) as readonly string[]);
}

function differences(texts: readonly string[]): readonly unknown[] {
  const found = spellings(texts);
  return texts.flatMap((text, i) => {
    const expected = [text.normalize('NFKC'), text.toLowerCase()];
    return found[i]?.every((spelling, at) => spelling === expected[at]) === true ? [] : [[text, found[i], expected]];
  });
}

/** Surrogates, and ideographs, which stay as they are: a look at some is enough. */
function isPlain(code: number): boolean {
  return (code >= 0xd800 && code <= 0xdfff) || (((code > 0x3500 && code < 0x9f00) || (code > 0x20100 && code < 0x2f700)) && code % 97 !== 0);
}

it('spells every character as JavaScript does', () => {
  const texts: string[] = [];
  for (let code = 0; code <= 0x2fa1f; code += 1) if (!isPlain(code)) texts.push(String.fromCodePoint(code));
  // Forty a text: what stands beside a character does not change it unless one of both is a mark.
  const joined: string[] = [];
  for (let i = 0; i < texts.length; i += 40) joined.push(texts.slice(i, i + 40).join('x '));
  expect(differences(joined)).toEqual([]);
});

it('orders and composes marks as JavaScript does', () => {
  const seed = Date.now() % 2 ** 31;
  const random = seededRandom(seed);
  const starters = [0x41, 0x73, 0x3a3, 0x3b1, 0x627, 0x915, 0x1100, 0x1161, 0x11a8, 0xac00, 0x9c7, 0xfb03, 0x1d15e, 0x27];
  const marks = [0x300, 0x301, 0x307, 0x323, 0x327, 0x328, 0x334, 0x345, 0x5ae, 0x64b, 0x651, 0x93c, 0x9be, 0x3099, 0x302a, 0x20d0, 0x1d165];
  const texts = Array.from({ length: 3000 }, () => Array.from({ length: random.between(1, 9) }, () => String.fromCodePoint(random.pick(random.chance(0.5) ? starters : marks))).join(''));
  expect({ seed, differences: differences(texts).slice(0, 3) }).toEqual({ seed, differences: [] });
});
