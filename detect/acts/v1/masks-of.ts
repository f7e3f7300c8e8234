import { findMasks, parseSummary } from '../../../contracts/masked-span.ts';
import type { MaskedSpan } from '../../../contracts/masked-span.ts';

const NONE: readonly MaskedSpan[] = [];
const SUMMARY = /\u27e6text length=[^\u27e6\u27e7]*\u27e7/gu;
/** Families of classes that say what was done, not what data there is. */
const NO_DATA = /^(?:attack|activity)\./;

/** The masks in a stored line, and the classes of data that summaries of texts name: these without a token. */
export function masksOf(line: string): readonly MaskedSpan[] {
  if (!line.includes('\u27e6')) return NONE;
  const masks = findMasks(line);
  if (!line.includes('\u27e6text ')) return masks;
  const named = Array.from(line.matchAll(SUMMARY), ([summary]) => parseSummary(summary)?.classes ?? []).flat();
  return [...masks, ...named.filter((name) => !NO_DATA.test(name)).map((dataClass) => ({ dataClass, token: '' }))];
}
