import type { Span, Validator } from '../validators/span.ts';
import { beginsValue, headOfValue, isProse, parameterName, restOfValue } from './parameter.ts';
import { shellReading } from './shell-reading.ts';
import { commandOf, globMatches } from './shell-words.ts';
import type { Telling } from './shell-words.ts';

/** What begins a command: separators, substitutions, groups. */
const LEADER = /^(?:[;|&`\s(!+]|\$\(|[<>]\(|\{(?![\w./-]*,)|%0[ad])*/i;
const LEADER_SIGNS = /[;|&`\s(!+{]/;
const MOST_LEADING = 8;
/** Programs that run another, and variables set for one. */
const WRAPPERS = /^(?:(?:sudo|doas|nohup|exec|command|builtin|busybox|env|time|nice|setsid|xargs|eval|timeout[ ]+[\d.]+\w?|-\w+)[ ]+|[A-Za-z_]\w{0,31}=[^ ;&|]{0,64}[ ;]+)+/;
const NAME = /^[\w./\\?*[\]~:%@-]+/;
/** Where the command ends. */
const ENDS = /^[ +]*(?:$|[;|&`)}\n\r"'#\\]|\0)/;
/** What only a shell is told: options, paths, variables, addresses, redirections. */
const SHELL_ARGUMENT = /^[ +]+(?:"|')?(?:-{1,2}\w|\/(?:[\w?* +]|$)|(?:[\w.-]{1,24}[ +]+){1,2}(?:\/\w|-\w|>{1,2}[ +]*\/)|aux\b|\\\\|~|\.{1,2}(?:\/|$)|\$[\w({@]|\*|%\w+%|\w{2,8}:\/\/|(?!\d+\/\d)[\w*?.[\]-]+\/[\w*?.[\]/-]+|[a-z]:(?:[\\/\w]|$)|[\w*?-]+\.(?:php\d?|txt|sh|py|pl|exe|ini|conf|log|jpg|png|html?|dll|bat|ps1|hta|xml|env|sql)\b|\d{1,3}\.\d{1,3}\.)|^[ +]*(?:<{1,3}[ +]*[\w/$('"&]|\d?>{1,2}[ +]*[\w/&.])/i;
/** A next command, whose name has to be one. */
const NEXT = /^[ +]*(?:\|{1,2}|&&|;)[ +]*(?:\/[\w./]*\/)?([a-z][\w.-]*)/i;
const NUMBER = /^[ +]+\d/;
/** Commands whose argument is a number. */
const COUNTED = /^(?:sleep|ping|kill|timeout|nc|ncat|telnet)$/i;
const COMMAND_NAMES = /^(?:cmd|command|exec|execute|shell|run|system|daemon|ip|host|ping|payload|code|do|process|proc|rce|arg|args)$/;
const PROGRAM_SETTINGS = /(?:path|bin|binary|program|convert|mailer)$/;
const HIDDEN = /\$\{?IFS|['"]{2}|\\\w|\$[@*!]|\{[\w./-]*,|\w\^\w|\$\{?\w+\}?\w/;
const LEAST_GLOB_PARTS = 2;

interface Command {
  readonly lead: string;
  readonly name: string;
  readonly rest: string;
  readonly telling: Telling;
  /** Written so that its name does not show. */
  readonly hidden: boolean;
}

/** A path of wildcards that stands for a program or one of its files: `/???/c?t`, `/e*c/p[a]sswd`. */
function isGlobPath(name: string): boolean {
  if (!/[?*[]/.test(name)) return false;
  const parts = name.split('/').filter((part) => part !== '');
  return parts.length >= LEAST_GLOB_PARTS && name.startsWith('/') && parts.every((part) => (/[?*[]/.test(part) ? /\w|\?\?/.test(part) && globMatches(part) : commandOf(part) !== undefined || globMatches(part)));
}

/** How much a command says that is written so. */
function tellingOf(name: string, raw: string): Telling | undefined {
  const plain = commandOf(name);
  if (plain !== undefined && HIDDEN.test(raw.slice(0, name.length + 12))) return 'telling';
  const last = name.replace(/^.*\//, '');
  // A star alone stands for anything: `n/*` is how a comment begins behind an escaped line feed.
  if (isGlobPath(name) || (/[?*[]/.test(name) && /\w|\?\?/.test(last) && name.length > 2 && globMatches(last) && /\//.test(raw))) return 'telling';
  return /^\/(?:usr\/)?(?:local\/)?s?bin\/\w/.test(name) ? 'telling' : plain;
}

function commandIn(source: string): Command | undefined {
  const lead = LEADER.exec(source)?.[0] ?? '';
  const raw = source.slice(lead.length);
  const reading = shellReading(raw);
  for (const line of [reading.replace(WRAPPERS, ''), reading]) {
    const name = NAME.exec(line)?.[0];
    const telling = name === undefined ? undefined : tellingOf(name, raw);
    if (name !== undefined && telling !== undefined) return { lead, name, rest: line.slice(name.length), telling, hidden: HIDDEN.test(raw.slice(0, name.length + 12)) || (line !== reading && telling === 'telling') };
  }
  const unknown = lead.trim() === '' ? null : /^([a-z][\w.-]{1,20})([ +]+-{1,2}[a-z][^]*)/i.exec(reading);
  return unknown === null ? undefined : { lead, name: unknown[1] ?? '', rest: unknown[2] ?? '', telling: 'word', hidden: false };
}

/** Whether what stands between equal separators is a list of names rather than commands. */
function isList(head: string, rest: string, lead: string): boolean {
  const sign = /[;|]/.exec(lead)?.[0];
  if (sign === undefined) return false;
  const others = [...head.split(sign).slice(1), ...rest.split(sign).slice(1)].map((part) => part.trim()).filter((part) => part !== '');
  return others.some((part) => /^[\w-]+$/.test(part) && commandOf(part) === undefined);
}

/** Backticks of Markdown: a fence, or a word set off in a sentence. */
function isQuoted(head: string, lead: string, rest: string): boolean {
  if (!lead.includes('`')) return false;
  const behind = rest.slice(rest.indexOf('`') + 1);
  return lead.includes('``') || head.endsWith('``') || /^[\s,.:;]+\p{L}/u.test(behind) || (/\p{L}[,:]?\s+$/u.test(head) && !/\b(?:echo|print|eval)\s+$/.test(head));
}

function hasShellArgument({ rest, name }: Command): boolean {
  const next = NEXT.exec(rest)?.[1];
  return SHELL_ARGUMENT.test(rest) || (/^(?:echo|printf)$/i.test(name) && /^[ +]+["'$]/.test(rest)) || (COUNTED.test(name) && NUMBER.test(rest)) || (next !== undefined && commandOf(next) === 'telling');
}

/** A command behind a separator or in a substitution. */
function follows(command: Command, head: string): boolean {
  const { lead, rest, telling } = command;
  if (isQuoted(head, lead, rest) || (/^[\s]*$/.test(lead) && (isProse(head, 2) || head.includes('\n')))) return false;
  const lone = /^&(?!&)\S*$/.test(lead.trim());
  // "form & function a/b" is a search: only signs make an argument of what stands behind an ampersand in prose.
  if (hasShellArgument(command)) return telling !== 'word' || (!isProse(head) && (!lone || /^[ +]+[-/.~$'"]/.test(rest)));
  if (telling === 'word') return (/\$\(|`/.test(lead) && /^[)`]/.test(rest)) || (/^(?:\|\||&&|%0a|\n)/.test(lead) && ENDS.test(rest) && !isProse(head, 2));
  if (isProse(head)) return false;
  if (ENDS.test(rest)) return telling === 'telling' ? !isList(head, rest, lead) : !lone && !/[ +]\w/.test(head.trim()) && !isList(head, rest, lead);
  if (telling === 'short' && /\|\||&&|\$\(|`/.test(lead) && /^[ +]+[\w.-]{1,24}[ +]*(?:$|[;|&`)#])/.test(rest)) return true;
  return telling === 'telling' && /^[ +]+\S/.test(rest) && !isProse(rest, 4) && !lone;
}

/** A command that is all of a value. */
function begins(command: Command, parameter: string): boolean {
  const { rest, telling, name } = command;
  if (PROGRAM_SETTINGS.test(parameter)) return false;
  if (hasShellArgument(command)) return telling === 'telling' || /^[ +]+['"]?(?:-{1,2}\w{1,3}\b|--\w|\/[\w*?]+|\.{1,2}\/|[a-z]:|\w+:\/\/|\$|~)|^[ +]*[<>|;&]|^[ +]+\d/i.test(rest);
  return telling !== 'word' && (ENDS.test(rest) || (command.hidden && telling === 'telling' && !isProse(rest))) && (command.hidden || COMMAND_NAMES.test(parameter) || (name.startsWith('/') && commandOf(name) !== undefined));
}

/** Takes what a shell of Unix or Windows would run: a known program, however written, where a command can stand, with what only a shell is told. */
export const shell: Validator = (text: string, span: Span): Span | undefined => {
  let start = /[=:]/.test(text.charAt(span.start)) ? span.start + 1 : span.start;
  while (start > 0 && span.start - start < MOST_LEADING && LEADER_SIGNS.test(text.charAt(start - 1))) start--;
  const command = commandIn(restOfValue(text, start));
  if (command === undefined) return undefined;
  const leads = /[;|&`\n\r]|\$\(|[<>]\(|%0[ad]/i.test(command.lead);
  const accepted = leads ? follows(command, headOfValue(text, start)) : beginsValue(text, start) && begins(command, parameterName(text, start));
  return accepted ? span : undefined;
};
