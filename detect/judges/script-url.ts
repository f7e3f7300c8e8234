/** Addresses that a browser runs instead of fetching. */
const RUNS = /^(?:javascript|vbscript|livescript|mocha|jscript|view-source|feed:javascript|jar):/;
const DATA = /^data:(?:text\/(?:html|javascript|xml|xsl)|application\/(?:xhtml|xml|javascript|x-javascript|ecmascript)|[;,])/;
/** What links without a target of their own say. */
const NOTHING = /^javascript:(?:void\(?0?\)?|false|undefined)?;?$/;

/** Control characters and white space within it are passed over by browsers. */
export function runsAsScript(url: string): boolean {
  const bare = url.slice(0, 96).replaceAll(/[\0-\x20]|&(?:tab|newline|#x?0*(?:9|a|d|10|13));?/gi, '').toLowerCase();
  return (RUNS.test(bare) && !NOTHING.test(bare)) || DATA.test(bare);
}

/** Code rather than the title of a book: a call, an assignment, a text, a comment. */
const CODE = /^(?:[^\x20]{0,48}[(`=[{]|\/[/*]|["'`<\\%&]|[a-z]+[.:]|[\x20]{0,4}["'`(])/i;

/** `javascript:` whose colon is at `colon`, in a text: followed by code, or the whole of a value. */
export function isScriptUrl(text: string, start: number, colon: number): boolean {
  const behind = text.slice(colon + 1, colon + 97);
  if (NOTHING.test(`javascript:${/^[^"'\x20>]*/.exec(behind)?.[0] ?? ''}`.toLowerCase()) && behind !== '') return false;
  const before = text.charAt(start - 1);
  const apart = start === 0 || /[\0-\x20"'`=(>,;:/]/.test(before);
  return apart && (CODE.test(behind) || (behind.trim() === '' && /["'`=(]/.test(before)) || (/["'`=]/.test(before) && /^[^\x20]/.test(behind)));
}
