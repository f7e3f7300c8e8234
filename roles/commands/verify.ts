import { readFile, stat } from 'node:fs/promises';
import { StorageError } from '../../storage/errors.ts';
import { homeAt } from '../home.ts';
import { parseTime, TIME_RULE } from '../hunt/time-text.ts';
import { createProgress } from '../progress.ts';
import { UsageError } from '../usage-error.ts';
import { verifyStore } from '../verify-store.ts';
import type { StoreVerdict, VerifyWhat } from '../verify-store.ts';

export interface VerifyOptions {
  readonly site?: string;
  readonly from?: string;
  readonly to?: string;
  readonly deep?: true;
  readonly against?: string;
  /** False: the event log is not opened. */
  readonly raw?: boolean;
  readonly json?: true;
}

const MOST_KEPT_BYTES = 64_000_000;

function momentOf(text: string | undefined, option: string, otherwise: number): number {
  if (text === undefined) return otherwise;
  const ms = parseTime(text, Date.now());
  if (ms === undefined) throw new UsageError(`${option} ${TIME_RULE}`);
  return ms;
}

/** Long after any receipt. */
const LATEST_MS = Date.UTC(2100, 0);

async function whatOf({ site, from, to, deep, against, raw }: VerifyOptions): Promise<VerifyWhat> {
  const window = from === undefined && to === undefined ? undefined : { fromMs: momentOf(from, '--from', 0), toMs: momentOf(to, '--to', LATEST_MS) };
  if (window !== undefined && window.fromMs >= window.toMs) throw new UsageError('--from must be before --to');
  return {
    rawBlocks: raw !== false, ...(site === undefined ? {} : { site }), ...(deep === undefined ? {} : { deep }), ...(window === undefined ? {} : { window }),
    ...(against === undefined ? {} : { against: await textOf(against) }),
  };
}

async function textOf(file: string): Promise<string> {
  try {
    if ((await stat(file)).size > MOST_KEPT_BYTES) throw new UsageError(`${file} is longer than ${MOST_KEPT_BYTES} bytes: take its newest lines`);
    return await readFile(file, 'utf8');
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    throw new UsageError(`--against: ${file} cannot be read`, { cause });
  }
}

/** Exit code 0 when everything holds, 1 when something does not. */
export async function verify(options: VerifyOptions): Promise<number> {
  const what = await whatOf(options);
  const progress = createProgress('verify');
  const startedAtMs = performance.now();
  const verdict = await verifyStore(homeAt(), (event) => {
    if (options.json === true) process.stdout.write(`${JSON.stringify(event)}\n`);
    else if (event.type === 'progress') progress.update(event.leaves, event.ofLeaves, event.site);
  }, what).catch((error: unknown) => {
    // The file, not the store.
    throw error instanceof StorageError && (error.code === 'TQ-STORAGE-31' || error.code === 'TQ-STORAGE-32') ? new UsageError(error.message, { cause: error }) : error;
  });
  const [only] = verdict.sites;
  if (options.site !== undefined && verdict.ok && only?.leaves === 0 && only.checkpoints === 0) throw new UsageError(`there is nothing to verify: no event of a site "${options.site}" is stored or signed. "tourniquet site list" names the sites there are`);
  if (options.json === true) return verdict.ok ? 0 : 1;
  if (verdict.sites.length > 0) progress.end();
  printVerdict(verdict, performance.now() - startedAtMs);
  return verdict.ok ? 0 : 1;
}

function printVerdict(verdict: StoreVerdict, elapsedMs: number): void {
  for (const p of verdict.problems) process.stdout.write(`PROBLEM  ${p.site === '' ? 'all sites' : p.site}  ${p.kind}  ${p.message}${p.table === 'events' ? '' : ` (table ${p.table})`}\n`);
  for (const f of verdict.findings) process.stdout.write(`note     ${f.site === '' ? 'all sites' : f.site}  ${f.kind}  ${f.message}\n`);
  for (const s of verdict.sites) {
    const pending = s.leaves - s.attested;
    const parts = [
      `${s.attested} events under ${s.checkpoints} checkpoints`, ...(pending > 0 ? [`${pending} newer than the last one`] : []), ...(s.redacted > 0 ? [`${s.redacted} redacted`] : []),
      ...(s.expired > 0 ? [`${s.expired} expired by policy`] : []), ...(s.fromNodes > 0 ? [`${s.fromNodes} outside of the window, taken from stored nodes`] : []), s.root === '' ? 'no root' : `root ${s.root}`,
    ];
    process.stdout.write(`${s.ok ? 'ok     ' : 'BROKEN '}  ${s.site}  ${parts.join(', ')}\n`);
  }
  const rows = verdict.sites.reduce((n, s) => n + s.leaves - s.fromNodes - s.expired, 0);
  process.stdout.write(`${verdict.ok ? 'Everything holds' : 'The store does not hold'}: ${verdict.text} (${Math.round(rows / (elapsedMs / 1000))} rows/s).\n`);
}
