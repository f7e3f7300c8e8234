import { rewritten } from './reading.ts';
import type { Reading } from './reading.ts';

/** Names of the characters that attacks and addresses are made of, https://html.spec.whatwg.org/multipage/named-characters.html. */
const NAMED: Readonly<Record<string, string>> = {
  lt: '<', LT: '<', gt: '>', GT: '>', amp: '&', AMP: '&', quot: '"', QUOT: '"', nbsp: '\u00a0', apos: "'", Tab: '\t', NewLine: '\n', excl: '!', num: '#',
  dollar: '$', percnt: '%', lpar: '(', rpar: ')', ast: '*', plus: '+', comma: ',', period: '.', sol: '/', colon: ':', semi: ';', equals: '=', quest: '?',
  commat: '@', lsqb: '[', lbrack: '[', bsol: '\\', rsqb: ']', rbrack: ']', Hat: '^', lowbar: '_', grave: '`', lcub: '{', lbrace: '{', verbar: '|',
  vert: '|', rcub: '}', rbrace: '}',
};
const ALL = Object.keys(NAMED).toSorted((a, b) => b.length - a.length).join('|');
/** Names that browsers take without a semicolon too. */
const OPEN = 'lt|LT|gt|GT|amp|AMP|quot|QUOT|nbsp';
const ENTITY = new RegExp(`&(?:#0*([0-9]{1,7})(?![0-9]);?|#[xX]0*([0-9a-fA-F]{1,6})(?![0-9a-fA-F]);?|(${ALL});|(${OPEN}))`, 'g');

function character(decimal: string | undefined, hexadecimal: string | undefined): string | undefined {
  const code = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number.parseInt(decimal, 10);
  return code === 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? undefined : String.fromCodePoint(code);
}

/** HTML entities read: numbers with or without semicolon, the names above. */
export function entitiesDecoded(source: string): Reading | undefined {
  if (!source.includes('&')) return undefined;
  return rewritten(source, ENTITY, ([, decimal, hexadecimal, closed, open]) => {
    const name = closed ?? open;
    return name === undefined ? character(decimal, hexadecimal) : NAMED[name];
  });
}
