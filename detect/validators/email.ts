import type { Span, Validator } from './span.ts';

/** Endings of file names that look like an address (icon@2x.png) and are no top-level domains. */
const FILE_ENDINGS = new Set(['png', 'jpg', 'jpeg', 'gif', 'webp', 'svg', 'avif', 'ico', 'css', 'js', 'mjs', 'cjs', 'json', 'php', 'html', 'htm', 'xml', 'woff', 'ttf', 'eot', 'map', 'scss', 'tsx', 'jsx', 'pdf', 'mp4', 'webm', 'tgz']);

/** RFC 5321 §4.5.3.1: octets of a local part, of a domain, of a label. */
const MOST_LOCAL_UNITS = 64;
const MOST_DOMAIN_UNITS = 253;
const MOST_LABEL_UNITS = 63;

/** Signs of a local part that are not parts of URLs and sentences as well. */
const LOCAL_SIGN = /[A-Za-z0-9._+'~-]/;
const EDGE_SIGN = /[.+'~-]/;
/** Letters of scripts whose words are parted by spaces: they belong to one word with their neighbours. */
const PARTED_LETTER = /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Devanagari}\p{M}]/u;
const LETTER = /[\p{L}\p{N}\p{M}]/u;
const DOMAIN_SIGN = /[\p{L}\p{N}\p{M}-]/u;

/** Where the local part begins; a run of a script without spaces counts only where it reaches the @. */
function localStart(text: string, at: number): number {
  const nearest = text.charAt(at - 1);
  const letter = LETTER.test(nearest) && nearest > '\x7f' && !PARTED_LETTER.test(nearest) ? LETTER : PARTED_LETTER;
  let start = at;
  while (start > 0 && at - start <= MOST_LOCAL_UNITS && (LOCAL_SIGN.test(text.charAt(start - 1)) || (text.charAt(start - 1) > '\x7f' && letter.test(text.charAt(start - 1))))) start--;
  while (start < at && EDGE_SIGN.test(text.charAt(start))) start++;
  return start;
}

/** Where the last label ends that a name can end with; undefined when there are no two labels. */
function domainEnd(text: string, at: number): number | undefined {
  const known = /^xn--|^[a-z]{2,24}$|^[\p{L}\p{M}]{2,24}$/iu;
  let end: number | undefined;
  for (let start = at + 1; start - at <= MOST_DOMAIN_UNITS; ) {
    let stop = start;
    while (stop - start <= MOST_LABEL_UNITS && DOMAIN_SIGN.test(text.charAt(stop))) stop++;
    const label = text.slice(start, stop).replace(/-+$/, '');
    if (label === '' || label.startsWith('-') || label.length > MOST_LABEL_UNITS) return end;
    const whole = start + label.length === stop;
    if (start > at + 1 && known.test(label)) end = start + label.length;
    if (!whole || text.charAt(stop) !== '.') return start > at + 1 && !known.test(label) ? undefined : end;
    start = stop + 1;
  }
  return undefined;
}

const UNITS_BEFORE = 200;
/** The user of a URL, a mail's own name, a remote repository: no person's address. */
const USER_OF_URL = /:\/\/[^ /?#"'<>@]*$/;
const NAME_OF_MAIL = /(?:message-id|in-reply-to|references|content-id|cid)["']?[ ]?[:=][ ]?["']?<?(?:[^ <>]+>[ ,]*<)?$/i;
const REMOTE_USERS = new Set(['git', 'hg', 'svn', 'ssh']);

/** The address around the @ of the span (RFC 5321, RFC 6531): it may begin before and end behind what the pattern found. */
export const email: Validator = (text: string, span: Span): Span | undefined => {
  const at = text.indexOf('@', span.start);
  const start = localStart(text, at);
  const end = domainEnd(text, at);
  if (end === undefined || start === at || at - start > MOST_LOCAL_UNITS || text.charAt(at - 1) === '.') return undefined;
  const local = text.slice(start, at);
  const domain = text.slice(at + 1, end);
  if (local.includes('..') || text.charAt(end) === '@' || FILE_ENDINGS.has(domain.slice(domain.lastIndexOf('.') + 1).toLowerCase())) return undefined;
  // A package's version, a picture's scale.
  if (/^v?\d+(?:x?$|\.\d|x\.)/.test(domain)) return undefined;
  if (text.charAt(end) === ':' && REMOTE_USERS.has(local.toLowerCase())) return undefined;
  const before = text.slice(Math.max(0, start - UNITS_BEFORE), start);
  return USER_OF_URL.test(before) || NAME_OF_MAIL.test(before) ? undefined : { start, end };
};
