import process from 'node:process';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { cleanLine } from '../../detect/mask/cleaned-line.ts';
import type { CleanedLine } from '../../detect/mask/cleaned-line.ts';
import { candidateTokens, decodeTokens, exactMatches } from '../../detect/mask/exact-match.ts';
import { maskLine } from '../../detect/mask/mask-line.ts';
import { siteTokens } from '../../detect/mask/site-tokens.ts';
import type { SiteTokens } from '../../detect/mask/site-tokens.ts';
import { hitsOf, scanned } from '../../detect/scanner.ts';
import { shippedScanner } from '../../detect/scanner-fixture.ts';
import type { Scanner } from '../../detect/scanner.ts';
import { viewsOf } from '../../detect/views/views.ts';
import { referenceLines } from '../reference-events.ts';
import { median } from '../report.ts';
import { hostileLines } from './hostile-lines.ts';
import type { KnownText } from './hostile-lines.ts';
import type { Figure, Section } from './section.ts';

const LINES = 10_000;

interface Workbench {
  readonly scanner: Scanner;
  readonly site: SiteTokens;
}

/** The examples of masking signatures in which these find something where it stands alone. */
function knownTexts({ scanner, site }: Workbench): readonly KnownText[] {
  return scanner.rules.filter(({ signature }) => signature.mask !== undefined).flatMap(({ signature }) => signature.positive.flatMap((example) => {
    const { field, text } = typeof example === 'string' ? { field: signature.fields?.find((name) => !name.includes('*')) ?? 'message', text: example } : example;
    const line = JSON.stringify({ [field]: text });
    const { detections } = cleanLine(scanner, line, hitsOf(scanner, line), site);
    const values = detections.filter((d) => d.rule.signature.id === signature.id && d.view === '').map((d) => d.text);
    return values.length === 0 ? [] : [{ signature, field, text, values }];
  }));
}

/** Whether one of the values stands in some reading of some text of a line. */
function holds(line: string, values: readonly string[]): boolean {
  return decodeTokens(line).some(({ value }) => viewsOf(value.text).some(({ text }) => values.some((one) => text.includes(one))));
}

function leaks({ scanner, site }: Workbench, seed: number): readonly Figure[] {
  const clean = (line: string): CleanedLine => cleanLine(scanner, line, hitsOf(scanner, line), site);
  const known = knownTexts({ scanner, site });
  const counts = { lines: 0, masks: 0, left: 0, matches: 0, changed: 0 };
  for (const { line, plain, known: { values } } of hostileLines(known, seededRandom(seed))) {
    // What does not count as personal in its surroundings says nothing of masking.
    if (holds(clean(plain).line, values)) continue;
    if (counts.lines++ === LINES) break;
    const cleaned = clean(line);
    counts.masks += cleaned.spans;
    if (holds(cleaned.line, values)) counts.left++;
    const still = hitsOf(scanner, cleaned.line);
    counts.matches += exactMatches(decodeTokens(cleaned.line), still.rules.filter(({ signature }) => signature.mask !== undefined), still.decoded).length;
    if (cleanLine(scanner, cleaned.line, still, site, 'ourselves').line !== cleaned.line) counts.changed++;
  }
  return [
    { name: 'lines with a known value', value: LINES, unit: 'lines', note: `${known.length} texts, ${new Set(known.map(({ signature }) => signature.class)).size} classes` },
    { name: 'masks and summaries put in', value: counts.masks, unit: 'masks' },
    { name: 'lines in which a value is left', value: counts.left, unit: 'lines', floor: { most: 0 }, aim: { most: 0 } },
    { name: 'matches left in stored lines', value: counts.matches, unit: 'matches', floor: { most: 0 }, aim: { most: 0 } },
    { name: 'lines that a second look changes', value: counts.changed, unit: 'lines', floor: { most: 0 }, aim: { most: 0 } },
  ];
}

const SLOTS = 32;
const ROUNDS = 31;
const LINES_A_ROUND = 200;

/** CPU time of one run in microseconds. */
function cpuUs(run: () => unknown, times = LINES_A_ROUND): number {
  const before = process.cpuUsage();
  for (let i = 0; i < times; i++) run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / times;
}

/** A line of texts of one length, so many of which are to be masked, made ready. */
function lineOf({ scanner, site }: Workbench, masked: number): { readonly mask: () => unknown; readonly all: () => unknown; readonly parse: () => unknown } {
  const line = JSON.stringify({ message: Array.from({ length: SLOTS }, (_, i) => `jane.doe${i + 10}${i < masked ? '@' : '#'}clinic.example`).join(' ') });
  const hits = hitsOf(scanner, line);
  const tokens = candidateTokens(line, hits.rules, hits.decoded);
  const detections = exactMatches(tokens, hits.rules, hits.decoded);
  return { mask: () => maskLine(line, tokens, detections, [], site), all: () => cleanLine(scanner, line, hitsOf(scanner, line), site), parse: () => JSON.parse(line) };
}

/** What each further mask of a line costs: by itself, with finding it, and beside what parsing the line costs. */
function costs(bench: Workbench): readonly Figure[] {
  const [few, many] = [lineOf(bench, 1), lineOf(bench, SLOTS)];
  const each = (a: number, b: number): number => (b - a) / (SLOTS - 1);
  const rounds = Array.from({ length: ROUNDS }, () => ({ mask: each(cpuUs(few.mask), cpuUs(many.mask)), all: each(cpuUs(few.all), cpuUs(many.all)), parse: cpuUs(many.parse) }));
  return [
    { name: 'masking one more span of a line', value: median(rounds.map(({ mask }) => mask)), unit: 'us of CPU', aim: { most: 1 } },
    { name: 'beside JSON.parse of that line', value: median(rounds.map(({ mask, parse }) => mask / parse)), unit: 'times', floor: { most: 4 } },
    { name: 'finding an e-mail address, too', value: median(rounds.map(({ all }) => all)), unit: 'us of CPU' },
  ];
}

const CLEAN_LINES = 1_000;

/** What all patterns together cost on access events in which they find nothing. */
function scanCosts({ scanner }: Workbench, seed: number): readonly Figure[] {
  const lines = referenceLines({ seed, attackShare: 0, emailShare: 0 }, Date.UTC(2026, 10, 20));
  const body = Buffer.from(Array.from({ length: CLEAN_LINES }, () => `${lines.next().value.line}\n`).join(''));
  const nothing = { native: scanner.native, database: scanner.native.compile([{ text: '\\x00', flags: 0 }]) };
  const rounds = Array.from({ length: ROUNDS }, () => ({ all: cpuUs(() => scanned(scanner, body), 1), none: cpuUs(() => scanned(nothing, body), 1) }));
  return [
    { name: 'scan of an event without hits', value: median(rounds.map(({ all }) => all)) / CLEAN_LINES, unit: 'us of CPU' },
    { name: 'beside a scan for nothing', value: median(rounds.map(({ all, none }) => all / none)), unit: 'times', aim: { most: 3 }, note: `${scanner.rules.length} signatures` },
  ];
}

export const masking: Section = {
  name: 'masking',
  title: 'what is left of what should be masked, and what a mask costs',
  async run(seed) {
    const scanner = await shippedScanner();
    const bench = { scanner, site: siteTokens(scanner.native, Buffer.alloc(32, 7)) };
    return { classes: [], figures: [...leaks(bench, seed), ...costs(bench), ...scanCosts(bench, seed)] };
  },
};
