import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseBlockHeader } from '../../../contracts/block.ts';
import type { BlockHeader } from '../../../contracts/block.ts';
import { GENESIS_HEAD, NONCE_CHARS } from '../../../contracts/chain.ts';
import { formatEnrolment } from '../../../contracts/site.ts';
import { createGateway } from '../../gateway/gateway.ts';
import { NOW_MS, openTestGateway, SITE } from '../../gateway/test-gateway.ts';
import type { TestGatewayOptions, TestRecord } from '../../gateway/test-gateway.ts';
import { rotateSite } from '../../sites/site-admin.ts';

const SPOOL_PHP = fileURLToPath(new URL('test-spool.php', import.meta.url));

/** What a run of `test-spool.php` said. */
export interface Ran {
  /** Lines the spool took. */
  readonly kept: readonly string[];
  readonly said: readonly string[];
  readonly killed: boolean;
}

export interface StoredLine {
  readonly block: BlockHeader;
  /** `n` of the tests' own lines. */
  readonly event: { readonly n?: string; readonly event?: { readonly action?: string; readonly reason?: string }; readonly wordpress?: { readonly spool?: { readonly lines?: number; readonly total?: number } } };
}

/** A spool in a directory of its own, and the real gateway, over a log in memory, that it ships to. */
export interface TestSpool extends AsyncDisposable {
  readonly directory: string;
  readonly enrolment: string;
  /** As "tourniquet site rotate": what was enrolled before is no longer accepted. The step that enrols anew. */
  rotate(): Promise<string>;
  run(steps: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ran>;
  start(steps: readonly string[], env?: Readonly<Record<string, string>>): { readonly process: ChildProcess; readonly done: Promise<Ran> };
  status(): Promise<Readonly<Record<string, unknown>>>;
  files(folder?: string): readonly string[];
  /** Each block that the gateway took, once, by chain and in order; throws where one breaks or forks a chain. */
  stored(holes?: 'with holes'): Promise<readonly StoredLine[]>;
}

export async function openTestSpool(options: TestGatewayOptions & { readonly directory?: string } = {}): Promise<TestSpool> {
  const home = mkdtempSync(path.join(tmpdir(), 'spool-'));
  const directory = options.directory ?? path.join(home, 'spool');
  const gateway = await openTestGateway(options);
  const server = await createGateway({ ...gateway.context });
  const start: TestSpool['start'] = (steps, env = {}) => {
    const child = spawn('php', [SPOOL_PHP, directory, ...steps], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...env } });
    return { process: child, done: outcome(child) };
  };
  const run: TestSpool['run'] = (steps, env) => start(steps, env).done;
  const enrolStep = (secret: string): string => `enrol=${formatEnrolment(SITE, secret, server.url)}`;
  return {
    directory,
    enrolment: enrolStep(gateway.secrets.enrolmentSecret),
    rotate: async () => enrolStep((await rotateSite(gateway.log.registry, SITE, () => NOW_MS)).enrolmentSecret),
    start,
    run,
    async status() {
      const { said } = await run(['status']);
      // Our own program wrote it.
      return JSON.parse(said[0]?.replace(/^status /, '') ?? '') as Readonly<Record<string, unknown>>;
    },
    files: (folder = '.') => readdirSync(path.join(directory, folder)),
    stored: async (holes) => linesOf(await gateway.records(), holes !== undefined),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await gateway[Symbol.asyncDispose]();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function outcome(child: ChildProcess): Promise<Ran> {
  let out = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  const signal = await new Promise<NodeJS.Signals | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (_code, by) => resolve(by));
  });
  const lines = out.split('\n').slice(0, -1);
  return { kept: lines.filter((line) => line.startsWith('kept ')).map((line) => line.slice(5)), said: lines.filter((line) => !line.startsWith('kept ')), killed: signal !== null };
}

function linesOf(records: readonly TestRecord[], holes: boolean): readonly StoredLine[] {
  const blocks = new Map<string, { readonly header: BlockHeader; readonly lines: readonly string[] }>();
  for (const { body } of records) {
    const [head, ...lines] = body.toString().split('\n').slice(0, -1);
    const parsed = parseBlockHeader(head ?? '');
    if (!parsed.ok) throw new Error(parsed.problem);
    const { header } = parsed;
    const place = [header.stream, header.epoch, header.first_seq].join(' ');
    const before = blocks.get(place);
    if (before !== undefined && before.header.head !== header.head) throw new Error(`a fork at ${place}`);
    blocks.set(place, { header, lines });
  }
  // Each was taken by the gateway, so its key, signature and head held; here they must continue each other.
  const sorted = [...blocks.values()].toSorted((a, b) => a.header.stream.localeCompare(b.header.stream) || a.header.epoch - b.header.epoch || a.header.first_seq - b.header.first_seq);
  const ends = new Map<string, { readonly seq: number; readonly head: string }>();
  for (const { header } of sorted) {
    const chain = `${header.stream} ${header.epoch}`;
    const end = ends.get(chain) ?? { seq: 0, head: GENESIS_HEAD.toString('base64url') };
    if (!holes && (end.seq !== header.first_seq || end.head !== header.previous_head)) throw new Error(`${chain} breaks at ${header.first_seq}`);
    ends.set(chain, { seq: header.first_seq + header.lines, head: header.head });
  }
  // Lines are those our own program wrote.
  return sorted.flatMap(({ header, lines }) => lines.map((line) => ({ block: header, event: JSON.parse(line.slice(NONCE_CHARS + 1)) as StoredLine['event'] })));
}

/** Lines of the tests' own, in order. */
export function numbersOf(stored: readonly StoredLine[]): readonly string[] {
  return stored.flatMap(({ event }) => event.n ?? []);
}

export function actsOf(stored: readonly StoredLine[], action: string): readonly StoredLine['event'][] {
  return stored.map(({ event }) => event).filter((event) => event.event?.action === action);
}

/** The last one says how many were lost ever. */
export function toldLost(stored: readonly StoredLine[]): number {
  return actsOf(stored, 'lines-lost').at(-1)?.wordpress?.spool?.total ?? 0;
}
