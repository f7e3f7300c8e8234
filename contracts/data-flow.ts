import { createHash } from 'node:crypto';
import { openNote } from './checkpoint.ts';
import type { NoteVerifier } from './checkpoint.ts';
import type { Coverage, ScopeGap } from './scope.ts';

/**
 * The statement of where personal data of a site went in a time: JSON, and a C2SP signed note (c2sp.org/signed-note) of the
 * checkpoint key over its hash and over the same in sentences:
 *
 *     <deployment>
 *     data-flow
 *     <site>
 *     sha256 <SHA-256 of the JSON's bytes, base64>
 *     <sentences, one a line>
 *
 * The second line is no number, so it can never be read as a checkpoint.
 */
export interface DataFlowStatement {
  readonly v: 1;
  readonly site: string;
  /** The region that data was to stay in: `declared` for the one the site's owner declared, or as it was asked for, such as `EU` or `DE`. */
  readonly region: string;
  /** `fromMs <= timestamp < toMs`, Unix ms. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Every stored event of the site received at or before it was considered. */
  readonly asOfMs: number;
  /** Leaves of the site's tree that were considered. */
  readonly treeSize: number;
  /** Everything that was sent with personal data, sorted. */
  readonly flows: readonly DataFlow[];
  readonly gaps: readonly ScopeGap[];
  readonly coverage: Coverage;
}

/** What one plugin sent one way to one host. */
export interface DataFlow {
  /** Empty when no event names it. */
  readonly destination: string;
  /** As the events say it: `inside`, `outside`, a country, or empty. */
  readonly said: string;
  /** Whether that is within the region asked about. */
  readonly place: 'inside' | 'outside' | 'unknown';
  /** `ai`, `mail`, `outbound`, `backup`. */
  readonly how: string;
  readonly plugin: string;
  readonly classes: readonly string[];
  readonly deeds: number;
  /** Different persons whom the deeds name. */
  readonly subjects: number;
  readonly records: number;
  readonly firstMs: number;
  readonly lastMs: number;
  /** The first of the deeds, by leaf. */
  readonly leaves: readonly number[];
}

const KIND = 'data-flow';
const MOST_BYTES = 64 * 1024 * 1024;

function hashOf(json: Uint8Array): string {
  return createHash('sha256').update(json).digest('base64');
}

/** Text of others inside of a line of the note: quoted, in ASCII alone. */
export function quotedText(text: string): string {
  return JSON.stringify(text).replaceAll(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function names(flows: readonly DataFlow[]): readonly string[] {
  return flows.map(({ destination, said, how, plugin, classes, deeds, subjects, records }) =>
    `- ${destination === '' ? 'a host that no event names' : quotedText(destination)} (${said === '' ? 'region not known' : quotedText(said)}), by ${how}${plugin === '' ? '' : ` of ${quotedText(plugin)}`}: ${deeds} times, ${subjects} persons, ${records} records${classes.length === 0 ? '' : `, ${classes.map(quotedText).join(' ')}`}`);
}

/** The statement in sentences, each a line. */
export function dataFlowLines({ site, region, fromMs, toMs, treeSize, flows, gaps, coverage }: DataFlowStatement): readonly string[] {
  const [outside, unknown] = [flows.filter(({ place }) => place === 'outside'), flows.filter(({ place }) => place === 'unknown')];
  const where = region === 'declared' ? 'the region its owner declared' : region;
  const times = `from ${new Date(fromMs).toISOString()} to ${new Date(toMs).toISOString()}`;
  const left = outside.length === 0 ? 'No personal data is known to have left' : 'No personal data is known to have left, except as listed,';
  return [
    `${left} ${where} from ${site}, ${times}.`,
    ...names(outside),
    ...(unknown.length === 0 ? [] : ['Of these it is not known where they are:', ...names(unknown)]),
    `${flows.length - outside.length - unknown.length} further flows stayed within.`,
    `It rests on ${treeSize} events; ${coverage.blocks} batches of ${coverage.lines} lines were received, ${coverage.stored} are stored, ${coverage.deadLetters} put aside, ${coverage.missingLines} missing.`,
    gaps.length === 0 ? 'No gaps are known.' : `What was sent in these gaps is not known: ${gaps.map((gap) => `${gap.kind} from ${new Date(gap.fromMs).toISOString()} to ${new Date(gap.toMs).toISOString()}${gap.count === 0 ? '' : ` (${gap.count})`}`).join('; ')}.`,
  ];
}

/** The JSON's bytes, and the body of the note that `BundleKeys.signStatement` signs. The same statement gives the same bytes. */
export function dataFlowParts(statement: DataFlowStatement): { readonly json: string; readonly body: string } {
  const json = `${JSON.stringify(statement)}\n`;
  return { json, body: `${[`sha256 ${hashOf(Buffer.from(json))}`, ...dataFlowLines(statement)].join('\n')}\n` };
}

/** What a note vouches for; undefined when none of these keys signed it, or for another site's or file's statement. */
export function openDataFlow(note: string, json: Uint8Array, verifiers: readonly NoteVerifier[]): DataFlowStatement | undefined {
  const opened = json.length > MOST_BYTES ? undefined : openNote(note, verifiers);
  const [, kind, site, hash] = opened?.text.split('\n') ?? [];
  if (kind !== KIND || hash !== `sha256 ${hashOf(json)}`) return undefined;
  // The key that signs statements signed these very bytes: they are what `dataFlowParts` wrote.
  const statement = JSON.parse(Buffer.from(json).toString()) as DataFlowStatement;
  return statement.site === site ? statement : undefined;
}
