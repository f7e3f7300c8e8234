import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { text as textOf } from 'node:stream/consumers';
import { rulesOf } from '../../../detect/mask/exact-match.ts';
import { explainRule, printRuleExplanation } from '../../../detect/rules/explain-rule.ts';
import { ruleNamed } from '../../../detect/rules/rule-named.ts';
import { seenIn } from '../../../detect/rules/seen-in.ts';
import { withScan } from '../../../detect/scan-fields.ts';
import { nearest } from '../../../detect/sigma/language/nearest.ts';
import type { Rule } from '../../../detect/sigma/rule.ts';
import { createParser, detectFormat } from '../../../ingest/formats/formats.ts';
import { UsageError } from '../../usage-error.ts';
import { logsourceOf } from '../logsource.ts';
import { requireFile } from '../require-file.ts';
import { openRules } from './opened-rules.ts';
import type { OpenedRules } from './opened-rules.ts';
import { refuseProblems } from './refused.ts';

interface ExplainOptions {
  readonly line?: string;
  readonly rules?: readonly string[];
  readonly logsource?: string;
  readonly json?: true;
}

type Fields = Readonly<Record<string, unknown>>;

/** Why a rule matches an event or not. Exit code 0 when it matches, 1 when not or when rules do not load. */
export async function explain(ruleOrFile: string, event: string, options: ExplainOptions): Promise<number> {
  const isFile = /\.ya?ml$/.test(ruleOrFile) && existsSync(ruleOrFile);
  const opened = openRules(options.rules ?? (isFile ? [ruleOrFile] : []), { shippedPack: true });
  if (refuseProblems(opened)) return 1;
  const rules = isFile ? rulesIn(opened, ruleOrFile) : [ruleBy(opened, ruleOrFile)];
  const parsed = eventOf(await lineOf(event, options.line));
  const seen = opened.signatures.length === 0 ? [] : seenIn(JSON.stringify(parsed), rulesOf(opened.signatures));
  const judged = Object.hasOwn(parsed, 'scan') && seen.length === 0 ? parsed : withScan(parsed, seen);
  const explained = rules.map((rule) => explainRule(opened.all, rule, judged, options.logsource === undefined ? undefined : logsourceOf(options.logsource), opened.surroundings));
  process.stdout.write(options.json === true ? explained.map((one) => `${JSON.stringify(one)}\n`).join('') : explained.map((one) => printRuleExplanation(one)).join('\n'));
  return explained.some(({ matched }) => matched) ? 0 : 1;
}

function rulesIn({ rules }: OpenedRules, file: string): readonly Rule[] {
  return [...rules.correlations, ...rules.detections].filter(({ place, standalone }) => standalone && place.file === file);
}

function ruleBy({ all: rules }: OpenedRules, name: string): Rule {
  const rule = ruleNamed(rules, name);
  if (rule !== undefined) return rule;
  const near = nearest(name, [...rules.detections, ...rules.correlations].flatMap(({ id, name: own, title }) => [id, own ?? id, title]));
  throw new UsageError(`there is no rule "${name}"${near === undefined ? '' : `; did you mean "${near}"?`}`);
}

/** The event's line: a file's first or named one, standard input, or the argument itself. */
async function lineOf(event: string, number: string | undefined): Promise<string> {
  const literal = event !== '-' && !existsSync(event);
  // A path that is not there, more likely than a line without white space.
  if (literal && !event.trimStart().startsWith('{') && !/\s/.test(event)) throw new UsageError(`there is no file ${event}; an event is a file, "-", JSON text or a log line`);
  if (!literal && event !== '-') requireFile(event);
  const whole = literal ? event : event === '-' ? await textOf(process.stdin) : await readFile(event, 'utf8');
  if (number === undefined && isEvent(whole)) return whole;
  const wanted = Number(number ?? 1);
  if (!Number.isSafeInteger(wanted) || wanted < 1) throw new UsageError('--line is the number of a line, from 1');
  const line = whole.split('\n')[wanted - 1]?.trim() ?? '';
  if (line === '') throw new UsageError(`line ${wanted} is not there, or empty`);
  return line;
}

function isEvent(text: string): boolean {
  return parsedObject(text) !== undefined;
}

function parsedObject(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined; // an object has fields
  } catch {
    return undefined;
  }
}

/** JSON, or a line of one of the log formats that are read. */
function eventOf(line: string): Fields {
  const own = parsedObject(line);
  if (own !== undefined) return own;
  const parser = createParser(detectFormat(line));
  const parsed = [parser.parse(line), parser.flush()].find(({ kind }) => kind === 'event');
  const event = parsed?.kind === 'event' ? parsedObject(parsed.json) : undefined;
  if (event === undefined) throw new UsageError('the event is neither a file, nor a JSON object, nor a line of a known log format');
  return event;
}
