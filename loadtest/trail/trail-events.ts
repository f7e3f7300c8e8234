import { seededRandom } from '../../contracts/seeded-random.ts';
import type { Random } from '../../contracts/seeded-random.ts';
import { accessLine } from './trail-access.ts';
import { auditLine, breachLine } from './trail-audit.ts';
import { BREACH, lettersOf, STAFF } from './trail-people.ts';

/** Plain lines of one block, each ended by a line feed. */
export interface TrailBlock {
  readonly site: string;
  readonly stream: string;
  readonly provenance: 'plugin' | 'gateway';
  readonly receivedAtMs: number;
  readonly lines: number;
  readonly body: Buffer;
}

/** A month of one site: six of ten events are lines of the access log, four are audit events of the WordPress plugin. */
export interface TrailLoad {
  readonly seed: number;
  readonly site: string;
  readonly events: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly linesPerBlock: number;
}

/** What lines are made of. */
export interface TrailScene {
  readonly load: TrailLoad;
  readonly random: Random;
  readonly customers: number;
  /** Token of the n-th customer. */
  token(n: number): string;
}

/** Of ten blocks. */
const ACCESS_BLOCKS = 6;
const EVENTS_PER_CUSTOMER = 50;
/** Of a million events the deeds of the breach. */
const BREACH_PER_MILLION = 1_000;

function customersOf({ events }: TrailLoad): number {
  return Math.max(1_000, Math.floor(events / EVENTS_PER_CUSTOMER));
}

const SUBJECT = 1;

/** The staff, who do most of the reads; the breach's actor is last. */
export function trailActors(_load: TrailLoad): readonly string[] {
  return [...STAFF, BREACH].map(({ user }) => user);
}

/** Token of the n-th of the site's persons; there are about 200,000 of ten million events. */
export function trailSubject(load: TrailLoad, n: number): string {
  return lettersOf(load.seed, SUBJECT, n % customersOf(load), 24);
}

/** Blocks in the order of their receipt, which rises from `fromMs` to `toMs`. Equal loads give equal blocks. */
export function* trailBlocks(load: TrailLoad): Generator<TrailBlock> {
  const tokens: string[] = [];
  const scene: TrailScene = { load, random: seededRandom(load.seed), customers: customersOf(load), token: (n) => (tokens[n] ??= trailSubject(load, n)) };
  const blocks = Math.ceil(load.events / load.linesPerBlock);
  const blockMs = (load.toMs - load.fromMs) / blocks;
  let breached = 0;
  for (let i = 0; i < blocks; i++) {
    const startMs = load.fromMs + i * blockMs;
    const lines = Math.min(load.linesPerBlock, load.events - i * load.linesPerBlock);
    const isAccess = i % 10 < ACCESS_BLOCKS;
    const at = (line: number): number => Math.floor(startMs + (blockMs * (line + 1)) / (lines + 1));
    let body = '';
    if (isAccess) for (let line = 0; line < lines; line++) body += accessLine(scene, at(line));
    else {
      // The breach's deeds are spread evenly over the audit blocks.
      const due = Math.floor((((i + 1) / blocks) * load.events * BREACH_PER_MILLION) / 1e6);
      const deeds = Math.min(lines, due - breached);
      for (let line = 0; line < lines; line++) body += line < deeds ? breachLine(scene, at(line), breached + line) : auditLine(scene, at(line));
      breached += deeds;
    }
    yield {
      site: load.site, stream: isAccess ? 'access' : 'wordpress', provenance: isAccess ? 'gateway' : 'plugin',
      receivedAtMs: Math.min(load.toMs, Math.floor(startMs + blockMs)), lines, body: Buffer.from(body),
    };
  }
}
