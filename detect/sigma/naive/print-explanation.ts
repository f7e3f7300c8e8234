import type { Explanation, LookedAt } from './explain.ts';

/**
 * An explanation as text: a line a node, `✓` where it holds, `✗` where not, and what each test found. Tests of one field
 * say it once; of many alternatives that fail only the first are shown.
 */
export function printExplanation(explanation: Explanation): string {
  return [...linesOf(explanation, '', true)].map((line) => `${line}\n`).join('');
}

/** Alternatives that fail, of one list. */
const MOST_FAILED = 12;

function* linesOf(explanation: Explanation, indent: string, withFound: boolean): Generator<string> {
  const { node, label, matched, looked, of } = explanation;
  const shared = sharedLook(of);
  const shown = withFound ? (looked ?? shared) : undefined;
  yield `${indent}${matched ? '✓' : '✗'} ${visible(label)}${shown === undefined ? '' : found(shown)}`;
  let failed = 0;
  for (const inner of of) {
    if (node === 'or' && !inner.matched && ++failed > MOST_FAILED) continue;
    yield* linesOf(inner, `${indent}  `, shared === undefined);
  }
  if (failed > MOST_FAILED) yield `${indent}  ✗ ${failed - MOST_FAILED} more`;
}

/** What several tests looked at, when it is the same field. */
function sharedLook(of: readonly Explanation[]): LookedAt | undefined {
  const [first] = of;
  const same = of.length > 1 && of.every(({ looked }) => looked !== undefined && looked.field === first?.looked?.field);
  return same ? first?.looked : undefined;
}

function found({ field, names, found: texts, values }: LookedAt): string {
  if (field === undefined) return `  — in any of the event's ${values} values`;
  if (texts === undefined) return `  — the event has no ${names.map((name) => visible(name)).join(', ')}`;
  if (values === 0) return `  — ${visible(field)} has no value of its own`;
  const more = values > texts.length ? ` and ${values - texts.length} more` : '';
  return `  — found ${texts.map((text) => visible(JSON.stringify(text))).join(', ')}${more}`;
}

/** What would change a terminal's state or the order of its text, made visible. */
function visible(text: string): string {
  return text.replaceAll(HIDDEN, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gv;
