import type { Span, Validator } from '../validators/span.ts';
import { WINDOW_UNITS } from './parameter.ts';

/** How what begins an expression of a template ends. */
const CLOSING: readonly (readonly [opening: RegExp, closing: string])[] = [
  [/^\{\{/, '}}'], [/^\{%/, '%}'], [/^<%/, '%>'], [/^\[\[/, ']]'], [/^\[#/, ']'], [/^@\(/, ')'], [/^(?:[$#*@~%]|\$!|__\$)\{/, '}'], [/^\{/, '}'],
];

/** A sum whose answer shows that it was worked out: numbers, or a text multiplied. */
const SUM = /^[\s=+!-]*\(*(?:\d{1,12}|'[^']{1,12}'|"[^"]{1,12}")\s*(?:\*{1,2}|[+/%^-])\s*(?:\d|'|")|\b\d{1,12}\s*(?:\*{1,2}|[/%])\s*'?\d|\d\s*\?\s*\w+\s*:/;
/** The ways from a value to the inside of its language. */
const INSIDES = /__\w{2,24}__|\\x5f\\x5f|\b(?:constructor|getclass|forname|classloader|protectiondomain|memberaccess|getruntime|getmethods?|newinstance|scriptengine\w*|processbuilder|mro|subclasses|func_globals|gi_frame|f_globals)\b|\.class\b|\['class'\]|\bclass\.|T\s*\(\s*(?:java|org|javax|com|\w+\.)|\bnew\s+(?:java|javax|org|com)\.|@(?:java|org|ognl|com)\.|#(?:_memberaccess|context|root|this|ognl|a|rt|cmd|req|res|request|session|application|parameters|attr|dm|container)\b\s*[.=[]|\bjava\.(?:lang|util|io|net)|\?\s*(?:new|api|eval|interpret)\b/i;
/** Objects that engines put beside an application's own. */
const ENGINE = /\b(?:lipsum|cycler|joiner|namespace|get_flashed_messages|url_for|self|config|settings|_self|_context|app\.request|app\.user|request\.(?:application|environ|args|form|cookies|values|headers|url|getclass|parameter)|smarty(?:\.|->)|_smarty_tpl|template_object|applicationscope|sessionscope|requestscope|pagecontext|initparam|facescontext|param\.\w|paramvalues|header(?:values)?\.|handler\.|session(?:scope)?\.|globals\(|locals\(|global\.|process\.|root\.process|mainmodule|freemarker|velocity|servletcontext|spring|environment\.|\$class|beans?\.|loader\.|debug\b)/i;
const ENGINE_ALONE = /^\s*(?:self|config|settings|request|this|app|_self|_context|global|process|debug\(\)|debug|env|environ|vars|root|application|session|pagecontext|applicationscope|sessionscope|requestscope|\$smarty[.\w]*|dump\([\w.]*\)|config\.items\(\)|settings\.secret_key|\.|@|\*|\d{3,}\s*\|\s*\w+)\s*$/i;
/** Calls no page makes of its own. */
const CALLS = /\b(?:system|exec|passthru|shell_exec|popen|proc_open|eval|assert|phpinfo|file_get_contents|readfile|include|require|import_module|import|open|spawn(?:sync)?|execsync|getenv|print_r|var_dump|id|cat|ls|whoami|alert|prompt|confirm|fetch|tostring\(\)\.constructor|fromcharcode|chr|sleep|dump|range|map|filter|sort|reduce|call|apply|bind|\$eval|\$on|orderby|attr|getattr|instance_eval|instance_variables?|methods|entries|readlines|read|write|putfile|getfile|header|setcookie|print|puts|echo|hex|ascii|unescape|function)\s*\(|\|\s*(?:attr|map|filter|sort|reduce|e|upper|list|join|format|orderby|safe|first|last|tojson|debug|file_excerpt)\b\s*(?:\(|\|)|`[^`]{1,64}`|\b(?:dir|file|io|kernel|process|open3|erb|object|os|sys|subprocess|builtins|system\.diagnostics|system\.io)\s*\.\s*(?:entries|open|read|popen|exec|fork|spawn|walk|system|listdir|start|new|glob|env|modules|class)\b/i;
/** What is called or walked in pages that templates make. */
const OWN_CALLS = /^\s*[\w.]{1,48}\(\s*(?:[\w.]{0,48}|'[\w ./:-]{0,48}')\s*\)\s*$/;
/** Tags that only say whether, or read another file. */
const TAGS = /^[\s-]*(?:(?:if|unless|elif)\s+(?:not\s+)?(?:true|false|\d+\s*(?:[=<>!]=?\s*\d+)?|'[^']*'\s*==|"[^"]*"\s*==)|(?:include|import|from|extends|load|debug|raw|autoescape|filter|set|for|with|print|import\s+os)\b.*(?:__|\/etc|\.\.\/|https?:|system|popen|exec|\bos\b|sys\b|settings|config|\d\s*\*\s*\d|map\(|sort\(|filter\())|^[\s-]*(?:debug|import\s+\w|print[\s(]|php\b|import\s+os)/i;

function inside(text: string): { readonly opening: string; readonly body: string; readonly length: number } | undefined {
  for (const [opens, closing] of CLOSING) {
    const opening = opens.exec(text)?.[0];
    if (opening === undefined) continue;
    const end = text.indexOf(closing, opening.length);
    return { opening, body: text.slice(opening.length, end < 0 ? undefined : end), length: end < 0 ? text.length : end + closing.length };
  }
  return undefined;
}

/**
 * Takes an expression of a template or expression language that works something out or reaches for the inside of its
 * language; leaves placeholders, conditions and loops of mails and page builders.
 */
export const expression: Validator = (text: string, { start, end }: Span): Span | undefined => {
  const found = inside(text.slice(start, start + WINDOW_UNITS));
  if (found === undefined) return undefined;
  const { opening, body, length } = found;
  const span = { start, end: Math.max(end, start + length) };
  const said = body.replaceAll(/\\(?=['"])/g, '');
  if (opening === '{') return /^\s*(?:php|system|passthru|exec|shell_exec|if\s+\w+\(|\$smarty|literal|fetch|include_php|math|self::|Smarty)/.test(said) && /\(|\}|\$smarty|php/.test(body + text.slice(span.end - 1, span.end)) ? span : undefined;
  const isTag = opening === '{%' || opening === '<%';
  if (isTag && !/^[=-]/.test(said) && TAGS.test(said)) return span;
  if (SUM.test(said) && !/[;:]\s*\w+\s*:|\bpx\b|%;/.test(said)) return span;
  if (INSIDES.test(said)) return span;
  if (opening !== '{%' && ENGINE_ALONE.test(said)) return span;
  if (ENGINE.test(said) && /[.([|]/.test(said) && !/\{\{|#if|#each/.test(said)) return span;
  return CALLS.test(said) && !OWN_CALLS.test(said.replace(/^[\s=-]+/, '').replace(/^(?:formatPrice|translate|t|__)\b/, 'x')) ? span : CALLS_ALONE.test(said) ? span : undefined;
};

/** Of calls with a plain argument those that run something. */
const CALLS_ALONE = /\b(?:system|exec|passthru|shell_exec|popen|eval|assert|phpinfo|file_get_contents|readfile|alert|prompt|confirm|require|import|instance_eval|sleep|dump|getenv|print|md5|id|whoami)\s*\(/i;
