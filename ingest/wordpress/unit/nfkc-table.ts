import { writeFileSync } from 'node:fs';

/**
 * Writes `plugin/src/Record/NfkcTable.php` from this Node's Unicode data: `node ingest/wordpress/unit/nfkc-table.ts`.
 * Tokens must be equal wherever they are made, so PHP does not ask its own ICU, which may be missing or of another version.
 */
const OUT = new URL('../plugin/src/Record/NfkcTable.php', import.meta.url);
const HANGUL = { first: 0xac00, last: 0xd7a3 };

function hex(text: string): string {
  return [...text].map((c) => (c.codePointAt(0) ?? 0).toString(16)).join(' ');
}

/** PHP's nowdoc keeps what it is given, so long tables are cut into lines at their separators. */
function rows(entries: readonly string[]): string {
  const lines: string[] = [''];
  for (const entry of entries) {
    if ((lines.at(-1) ?? '').length + entry.length > 150) lines.push('');
    lines[lines.length - 1] += `${entry};`;
  }
  return lines.map((line) => `\n;${line}`).join('');
}

const decomposed: string[] = [];
const composed: string[] = [];
const lowered: string[] = [];
const marks: number[] = [];
for (let code = 0x80; code <= 0x10ffff; code++) {
  if (code >= 0xd800 && code <= 0xdfff) continue;
  const c = String.fromCodePoint(code);
  const lower = c.toLowerCase();
  if (lower !== c) lowered.push(`${code.toString(16)}:${hex(lower)}`);
  if (/\p{M}/u.test(c)) marks.push(code);
  if (code >= HANGUL.first && code <= HANGUL.last) continue;
  if (c.normalize('NFKD') !== c) decomposed.push(`${code.toString(16)}:${hex(c.normalize('NFKD'))}`);
  const canonical = c.normalize('NFD');
  if (canonical === c || c.normalize('NFC') !== c) continue;
  // A primary composite: its last mark joined to the composition of what is before it.
  const parts = [...canonical];
  const before = parts.slice(0, -1).join('').normalize('NFC');
  if ([...before].length === 1) composed.push(`${hex(before)} ${hex(parts.at(-1) ?? '')}:${code.toString(16)}`);
}

/**
 * Canonical combining classes: two marks swap when the first has the higher class. Numbers that keep this order are as good
 * as Unicode's own, which JavaScript does not tell.
 */
function combiningClasses(): readonly string[] {
  const swaps = (a: number, b: number): boolean => {
    const text = String.fromCodePoint(a, b);
    return text.normalize('NFD') !== text && [...text.normalize('NFD')].length === 2;
  };
  const groups: number[][] = [];
  // Marks that decompose themselves are gone before anything is ordered.
  const single = marks.filter((m) => String.fromCodePoint(m).normalize('NFKD') === String.fromCodePoint(m));
  const reordering = single.filter((m) => swaps(m, 0x334) || swaps(0x345, m) || m === 0x334 || m === 0x345);
  for (const mark of reordering) {
    const group = groups.find(([first]) => first !== undefined && !swaps(first, mark) && !swaps(mark, first));
    if (group === undefined) groups.push([mark]);
    else group.push(mark);
  }
  groups.sort(([a], [b]) => (a === undefined || b === undefined ? 0 : swaps(a, b) ? 1 : -1));
  return groups.flatMap((group, i) => group.map((mark) => `${mark.toString(16)}:${(i + 1).toString(16)}`));
}

const php = `<?php

declare(strict_types=1);

namespace Tourniquet\\Record;

/** Unicode ${process.versions.unicode}, made by \`unit/nfkc-table.ts\`. Code points in hex; Hangul is computed. */
final class NfkcTable
{
    /** Full compatibility decompositions. */
    public const DECOMPOSED = <<<'TABLE'${rows(decomposed)}
TABLE;

    /** Pairs that compose. */
    public const COMPOSED = <<<'TABLE'${rows(composed)}
TABLE;

    /** Combining classes above 0, renumbered in their order. */
    public const CLASSES = <<<'TABLE'${rows(combiningClasses())}
TABLE;

    /** Lower case beyond ASCII. */
    public const LOWERED = <<<'TABLE'${rows(lowered)}
TABLE;
}
`;
writeFileSync(OUT, php);
