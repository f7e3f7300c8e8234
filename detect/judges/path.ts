import type { Span, Validator } from '../validators/span.ts';
import { beginsValue, headOfValue, isProse, restOfValue } from './parameter.ts';

/** Steps up, in the spellings servers have taken for them. */
const STEP = /(?:\.{2,}|(?:0x2e|%2e|%c0%[a2]e|%252e|\.\0?){2})(?:%00|\0)?(?:[/\\]+|;\/|0x2f|0x5c|%2f|%5c|%25(?:2f|5c)|%c0%[a2]f|%c1%9c|%e0%80%af|%u(?:2215|2216|ff0f|ff3c))/gi;
const RUN = /^(?:[./\\;\0]|0x2e|0x2f|0x5c|%(?:25)?(?:2e|2f|5c|00)|%c0%[a2][ef]|%c1%9c|%e0%80%a[ef]|%u\w{4}){1,120}/i;
/** Spellings that no editor and no stack trace writes. */
const TWISTED = /(?:\.{3,}[/\\]+){2}|\.\.;\/|0x2e|%c[01]|%e0%80|%25?2e|%u|\.\0|\.\.[/\\]{2,}|[/\\]\.[/\\]\.[/\\]|\.\.\\\/|\.\.%00/i;
const WANTED = /^[^?&#"']{0,120}(?:\betc\b|passwd|shadow|\bwin\.ini|boot\.ini|windows|winnt|\bproc\b|\bvar\b|\broot\b|\bhome\b|\busr\b|\bopt\b|\btmp\b|wp-config|wp-load|wp-admin|wp-includes|htaccess|htpasswd|web\.config|web-inf|config|\.env|\.git|\.ssh|\.log\b|\.ini\b|\.conf\b|\.php\d?\b|\.inc\b|\.sql\b|\.bak\b|\.xml\b|\.ya?ml\b|\.txt\b|\.cgi\b|\.exe\b|cmd|bin)/i;
/** What pages link to. */
const LINKED = /^[\w ./%~+-]{0,160}\.(?:jpe?g|png|gif|svg|webp|avif|ico|css|m?js|mjs|tsx?|jsx|vue|scss|less|woff2?|ttf|pdf|mp4|md|html?)\b/i;
const CODE = /(?:\b(?:from|import|require(?:_once)?|include(?:_once)?|url|src|href|srcset|poster|background)[\t ]*[=(]?[\t ]*["'(]{0,2}|vendor\/composer\/|@)$/i;
const MANY_STEPS = 3;

/** Takes steps up a path that leave the folder an application serves; leaves links of pages, imports of code and traces of loaders. */
export const traversal: Validator = (text: string, span: Span, field: string): Span | undefined => {
  const rest = text.slice(span.start, span.start + 240);
  const run = RUN.exec(rest)?.[0] ?? '';
  const steps = run.match(STEP)?.length ?? 0;
  const target = rest.slice(run.length);
  const before = text.slice(Math.max(0, span.start - 32), span.start);
  // The points before were judged with these.
  if (before.endsWith('.')) return undefined;
  const found = { start: span.start, end: Math.max(span.end, span.start + run.length) };
  if (field === 'message') return (steps >= MANY_STEPS && !/vendor|node_modules|\.php|[\w-]\/$/.test(before)) || /^(?:etc|proc|windows|winnt)\b/i.test(target) ? found : undefined;
  if (TWISTED.test(run)) return steps > 1 || WANTED.test(target) || /[/\\=]$/.test(before) ? found : undefined;
  if (/\.\.\\/.test(run) && beginsValue(text, span.start)) return found;
  if (steps === 0) return (/^(?:[/\\]+\.){3}/.test(rest) || /^\/\.{3,}/.test(rest)) && beginsValue(text, span.start) ? found : undefined;
  // Three points that end a word.
  if (steps === 1 && /\w$/.test(before) && !/^\.\.[/\\;]/.test(run)) return undefined;
  if (CODE.test(before) && LINKED.test(target)) return undefined;
  if (/\b(?:from|import|require)[\t ]*\(?[\t ]*["']$/.test(before)) return undefined;
  if (steps >= 2) return found;
  const rooted = /(?:^|[=:])\/[\w./-]*\/$/.test(headOfValue(text, span.start)) || (field.startsWith('url.') && !text.slice(0, span.start).includes('?') && text.startsWith('/'));
  const open = beginsValue(text, span.start) || rooted;
  return steps === 1 && open && (WANTED.test(target) || rooted) && !LINKED.test(target) && !isProse(target) ? found : undefined;
};

/** What stands before the name in a path that is all of a value: folders, drives, schemes, steps up; not an address of the web. */
const LEADING = /^[\s'"+(]*[\w.\\/%:;|,~\0-]*$/;
const WEB_ADDRESS = /^[\s'"+(]*(?:https?|ftp):\/\//i;
const SECRET = /passwd|shadow|htpasswd|id_rsa|id_dsa|id_ed25519|authorized_keys|known_hosts|bash_history|mysql_history|win\.ini|boot\.ini|\bsam$|environ|wp-config|\.env\b|secrets?|credentials|kubeconfig/i;

/** Takes the name of a file that a site keeps to itself where it is the value of a parameter or header, or part of a command; leaves it in sentences. */
export const ownFile: Validator = (text: string, span: Span, field: string): Span | undefined => {
  if (field === 'url.path' || field === 'url.original') {
    const query = text.indexOf('?');
    if (query < 0 || span.start < query) return span;
  }
  const head = headOfValue(text, span.start);
  const found = text.slice(span.start, span.end);
  if (LEADING.test(head) && !WEB_ADDRESS.test(head)) return /^[^ ]*(?: |$)/.test(restOfValue(text, span.end)) && !isProse(restOfValue(text, span.end)) ? span : undefined;
  if (isProse(head, 4) || field === 'message') return SECRET.test(found) && /^(?:\/|[a-z]:)/i.test(found) && !isProse(head, 2) ? span : undefined;
  return /(?:[;|&`<>$({=]|\b(?:cat|type|more|less|head|tail|open|file|load|readfile|include|require|get|source|cp|mv|rm)\b)[\s+'"(/\\.]*$/i.test(head) || (SECRET.test(found) && !isProse(head, 2)) ? span : undefined;
};
