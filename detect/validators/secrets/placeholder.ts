import { createHash } from 'node:crypto';

/** Words that those who write manuals put where a secret goes. */
const MADE_UP = /example|placeholder|change_?-?me|replace_?-?me|redacted|dummy|foobar|your[_-]?(?:own|api|key|token|secret|pass|access|auth|client|app|bot|user|account)|insert[_-]|(?:put|enter)[_-]|[_-]here\b|goes[_-]?here|here$|not[_-]?(?:a[_-]?)?real|x{5}|\*{3}|#{4}|\.{3}|\u2026/i;

/** What is filled in by a program: `${VAR}`, `{{ var }}`, `%VAR%`, `<your key>`, `$(cmd)`; or was masked: `\u27e6class:token\u27e7`. */
const TEMPLATE = /\$\{|\{\{|\}\}|\$\(|<[^>]*>|^%\w+%$|^\$\w+$|^\{\w+\}$|^\[[\w ]+\]$|%[sd]\b|#\{|[\u27e6\u27e7]/;

/** Share of a text from which on an alphabet, a row of digits or one repeated character makes it up. */
const MOST_RUN_SHARE = 0.5;
const LEAST_RUN_UNITS = 8;

/**
 * First 64 bits of the SHA-256 of keys that manuals and public clients show to everybody: of AWS, Stripe, Google Maps,
 * Firebase and Chrome samples, Algolia's DocSearch and NuGet.
 */
const SHOWN_TO_ALL: ReadonlySet<string> = new Set(['0b476bdf9acf2123', 'dba72c00f41f4e4c', 'a0702bc91d699f60', '2037abcaffb2b777', '3f370c9dd8225c63', 'e4a5542bb7fd7b67', 'a19f89ab3555eac1', 'eb540d2b6ee2a0a4', '37f8f09bdf12c2f2', '8731261cb72d8626', '49f777db995e8260', '27a9a42931dff7eb', 'dc0fcf046c61640c', '4c98242dcadc8b29', 'ea9bb1082cf95663', '3a8b61d0f636b007', 'a6c814bc555ae62c', '2f21fd9c81678e39', '2cafc0970149a84f', 'b1471f544ceeea31']);

/** The longest part in which each character repeats or follows the one before it; 0 follows 9. */
function longestRun(text: string): number {
  let longest = 0;
  for (const step of [0, 1, -1]) {
    let run = 1;
    for (let i = 1; i < text.length; i++) {
      const difference = text.charCodeAt(i) - text.charCodeAt(i - 1);
      run = difference === step || (step !== 0 && difference === -9 * step) ? run + 1 : 1;
      if (run > longest) longest = run;
    }
  }
  return longest;
}

/** Units of the longest of them. */
const MOST_SHOWN_UNITS = 48;

function isShownToAll(value: string): boolean {
  return value.length <= MOST_SHOWN_UNITS && SHOWN_TO_ALL.has(createHash('sha256').update(value).digest('hex').slice(0, 16));
}

/** Whether a value only stands for a secret: an example, a template, a row of x, a key every manual shows. */
export function isPlaceholder(value: string): boolean {
  if (MADE_UP.test(value) || TEMPLATE.test(value)) return true;
  const run = longestRun(value);
  return (run >= LEAST_RUN_UNITS && run >= value.length * MOST_RUN_SHARE) || new Set(value).size <= 3 || isShownToAll(value);
}
