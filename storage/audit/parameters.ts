import { createHash } from 'node:crypto';
import { isName } from '../../contracts/names.ts';
import { TOKEN_LETTERS } from '../../contracts/token.ts';
import type { AuditQuery, QueryParameter } from './audit-query.ts';

/** A parameter or several are missing or wrong; says of each what it should be, never what was given. */
export class ParameterError extends Error {
  override readonly name = 'ParameterError';
  readonly retryable = false;
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join('; '));
    this.problems = problems;
  }
}

/** What each parameter is in this run: times absolute (RFC 3339), sites by name or `*`. */
export type ParameterValues = Readonly<Record<string, string | number | readonly string[]>>;

export interface ParameterContext {
  /** Every site there is, our own among them. */
  readonly sites: readonly string[];
  /** What times so long ago count from, Unix ms. */
  readonly asOfMs: number;
}

export const ALL_SITES = '*';

/** Tokens of one question, for the same reason as sites: see `audit-answer.ts`. */
export const MOST_SUBJECTS = 2_000;
const MOST_TEXT = 1_000;
const TOKEN = new RegExp(`^[a-p]{${TOKEN_LETTERS}}$`);
const AGO = /^(\d{1,6})([smhdw])$/;
const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const INSTANT = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;
/** What DateTime64 holds. */
const [LEAST_MS, MOST_MS] = [0, Date.UTC(2299, 11, 31)];

/** Undefined when the text is no time. A day alone is its first moment in UTC. */
export function timeMs(text: string, asOfMs: number): number | undefined {
  if (text === 'now') return asOfMs;
  const [, count, unit] = AGO.exec(text) ?? [];
  // The expression lets no other unit through.
  const ms = unit === undefined ? (INSTANT.test(text) ? Date.parse(text) : Number.NaN) : asOfMs - Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
  return Number.isNaN(ms) || ms > MOST_MS ? undefined : Math.max(ms, LEAST_MS);
}

function listOf(given: unknown): readonly string[] | undefined {
  const list: unknown = typeof given === 'string' ? given.split(',').map((one) => one.trim()).filter((one) => one !== '') : given;
  return Array.isArray(list) && list.every((one) => typeof one === 'string') ? list : undefined;
}

/** The value, or what is wrong. */
function valueOf({ type }: QueryParameter, given: unknown, { sites, asOfMs }: ParameterContext): { readonly value: string | number | readonly string[] } | string {
  switch (type) {
    case 'sites': {
      const named = listOf(given);
      if (named?.length === 1 && named[0] === ALL_SITES) return { value: ALL_SITES };
      if (named === undefined || named.length === 0) return 'takes names of sites, with commas between them, or * for all';
      const strange = named.filter((site) => !sites.includes(site));
      return strange.length === 0 ? { value: [...new Set(named)].toSorted() } : `names ${strange.every((site) => isName(site)) ? `what is no site: ${strange.slice(0, 5).join(', ')}` : 'what is no site'}`;
    }
    case 'subjects': {
      const tokens = listOf(given);
      if (tokens === undefined || tokens.length === 0 || tokens.length > MOST_SUBJECTS || !tokens.every((token) => TOKEN.test(token))) return `takes tokens, ${TOKEN_LETTERS} letters a to p each, with commas between them; an e-mail address or the like is given as identifier`;
      return { value: [...new Set(tokens)].toSorted() };
    }
    case 'time': {
      const ms = typeof given === 'string' ? timeMs(given, asOfMs) : undefined;
      return ms === undefined ? 'takes a time: 2026-11-20, 2026-11-20T10:00:00Z, now, or so long ago as 30d, 12h, 15m' : { value: new Date(ms).toISOString() };
    }
    case 'text':
      return typeof given === 'string' && given.length <= MOST_TEXT && given.isWellFormed() && !given.includes('\0') ? { value: given } : `takes a text of at most ${MOST_TEXT} characters`;
    case 'number': {
      const number = typeof given === 'string' && /^\d{1,15}$/.test(given) ? Number(given) : given;
      return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? { value: number } : 'takes a whole number';
    }
    default:
      return type satisfies never;
  }
}

function isTime({ parameters }: AuditQuery, name: string): boolean {
  return parameters.some((parameter) => parameter.name === name && parameter.type === 'time');
}

/** Checks what is given against the header, defaults filled in. Throws `ParameterError` with every problem. */
export function readParameters(query: AuditQuery, given: Readonly<Record<string, unknown>>, context: ParameterContext): ParameterValues {
  const problems = Object.keys(given).filter((name) => !query.parameters.some((parameter) => parameter.name === name)).map((name) => (/^\w{1,40}$/.test(name) ? `there is no parameter ${name}` : 'there is no parameter of a name that was given'));
  const values = query.parameters.flatMap((parameter) => {
    const text = Object.hasOwn(given, parameter.name) ? given[parameter.name] : parameter.default;
    if (text === undefined) {
      problems.push(`${parameter.name} is missing: ${parameter.says}`);
      return [];
    }
    const read = valueOf(parameter, text, context);
    if (typeof read !== 'string') return [[parameter.name, read.value] as const];
    problems.push(`${parameter.name} ${read}`);
    return [];
  });
  const read: ParameterValues = Object.fromEntries(values);
  const { from, to } = read;
  // Both as toISOString writes them: in the order of time.
  if (isTime(query, 'from') && isTime(query, 'to') && typeof from === 'string' && typeof to === 'string' && from >= to) problems.push('from must be before to');
  if (problems.length > 0) throw new ParameterError(problems);
  return read;
}

/** Names the values of a run: pages of one answer have the same. */
export function digestOf(values: ParameterValues): string {
  return createHash('sha256').update(JSON.stringify(Object.entries(values).toSorted(([a], [b]) => (a < b ? -1 : 1)))).digest('hex').slice(0, 16);
}

/** As the engine reads a DateTime64 parameter. */
export function clickHouseTime(instant: string): string {
  return instant.replace('T', ' ').replace('Z', '');
}
