import { describe, expect, test } from 'vitest';
import { corpusRows, corpusText } from '../../contracts/reference-data.ts';
import { loadPack } from './load.ts';
import { exactPattern, hyperscanExpression } from './pattern.ts';
import { viewsOf } from '../views/views.ts';

const triggered = (await loadPack()).signatures.filter(({ trigger }) => trigger !== undefined);

/** Texts of many kinds, as they came and decoded. */
function texts(): readonly string[] {
  const examples = triggered.flatMap(({ positive, negative }) => [...positive, ...negative]).map((example) => (typeof example === 'string' ? example : example.text));
  const payloads = (corpusText('web-attacks/httpparams/payload_attacks.csv') ?? '').split('\n').filter((_, i) => i % 7 === 0);
  // Rows of the corpus as its README describes them.
  const requests = ((corpusRows('web-attacks/crs/crs.ndjson') ?? []) as readonly { readonly uri?: string; readonly body?: string; readonly headers?: unknown }[]).flatMap(({ uri = '', body = '', headers }) => [uri, String(body), JSON.stringify(headers)]);
  return [...examples, ...payloads, ...requests].flatMap((text) => viewsOf(text).map((view) => view.text));
}

describe('a trigger', () => {
  const all = texts();
  test.each(triggered.map((signature) => [signature.id, signature] as const))('of %s is found wherever its pattern is', (_id, signature) => {
    const trigger = new RegExp(hyperscanExpression(signature).text, 'i');
    const pattern = exactPattern(signature);
    const missed = all.filter((text) => {
      pattern.lastIndex = 0;
      return pattern.test(text) && !trigger.test(text);
    });
    expect(missed.slice(0, 3)).toEqual([]);
  });
});
