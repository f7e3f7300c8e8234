import os from 'node:os';
import type { EventLog } from '../../contracts/event-log.ts';
import { isTier, TIERS } from '../../contracts/tiers.ts';
import { listSites } from '../../ingest/sites/site-admin.ts';
import { addHold, readHolds, releaseHold } from '../../storage/retention/holds.ts';
import type { Hold } from '../../storage/retention/holds.ts';
import { loadConfig } from '../config/config.ts';
import { requireRunning } from '../connections.ts';
import { openEventLog } from '../event-log.ts';
import { homeAt } from '../home.ts';
import { parseTime, TIME_RULE } from '../hunt/time-text.ts';
import { writeOnTrail } from '../trail.ts';
import { UsageError } from '../usage-error.ts';
import { printTable } from './rules/table.ts';

export interface HoldOptions {
  readonly reason: string;
  readonly site?: string;
  readonly tier?: string;
  /** Times of receipt. */
  readonly from?: string;
  readonly to?: string;
  readonly json?: true;
}

function timeOf(text: string | undefined, option: string, nowMs: number): number | undefined {
  if (text === undefined) return undefined;
  const ms = parseTime(text, nowMs);
  if (ms === undefined) throw new UsageError(`${option} ${TIME_RULE}`);
  return ms;
}

function requireReason(reason: string): void {
  if (reason.trim() === '') throw new UsageError('--reason says why; it stands on the trail');
}

async function requireSite(log: EventLog, site: string | undefined): Promise<void> {
  if (site === undefined || site.startsWith('_')) return;
  const known = (await listSites(log.registry)).map((one) => one.site);
  if (!known.includes(site)) throw new UsageError(`there is no site "${site}"; there are ${known.join(', ')}`);
}

function recordOf({ id, site, tier, fromMs, toMs, reason, by, atMs, released }: Hold): object {
  const time = (ms: number | undefined): string | null => (ms === undefined ? null : new Date(ms).toISOString());
  return { id, site: site ?? null, tier: tier ?? null, from: time(fromMs), to: time(toMs), reason, by, at: time(atMs), released: released === undefined ? null : { at: time(released.atMs), by: released.by, reason: released.reason } };
}

/** From when this resolves on, nothing that the hold covers is dropped or erased. */
export async function addHoldCommand(options: HoldOptions): Promise<number> {
  requireReason(options.reason);
  const nowMs = Date.now();
  const { site, tier } = options;
  const [fromMs, toMs] = [timeOf(options.from, '--from', nowMs), timeOf(options.to, '--to', nowMs)];
  if (tier !== undefined && !isTier(tier)) throw new UsageError(`there is no tier "${tier}"; there are ${TIERS.join(', ')}`);
  if (fromMs !== undefined && toMs !== undefined && fromMs >= toMs) throw new UsageError('--from must be before --to');
  const [home, config] = [homeAt(), loadConfig()];
  requireRunning(config, home, 'keys');
  await using log = await openEventLog(config, home);
  await requireSite(log, site);
  const hold = await addHold(log.registry, { site, tier, fromMs, toMs, reason: options.reason, by: os.userInfo().username, atMs: nowMs });
  await writeOnTrail(config, home, log, { action: 'hold-added', category: ['configuration'], outcome: 'success', reason: options.reason, target: { kind: 'site', name: site ?? '', ...(site === undefined ? {} : { site }) }, about: { hold: { id: hold.id, tier: tier ?? '', from: fromMs ?? 0, to: toMs ?? 0 } } });
  process.stdout.write(options.json === true ? `${JSON.stringify(recordOf(hold))}\n` : `Hold ${hold.id}. Whole months are kept that hold any row it covers, rows of other sites among them; nothing of the site can be erased.\n`);
  return 0;
}

export async function listHoldsCommand(options: { readonly all?: true; readonly json?: true }): Promise<number> {
  await using log = await openEventLog(loadConfig(), homeAt());
  const holds = (await readHolds(log.registry)).filter(({ released }) => options.all === true || released === undefined);
  if (options.json === true) {
    for (const hold of holds) process.stdout.write(`${JSON.stringify(recordOf(hold))}\n`);
    return 0;
  }
  const day = (ms: number | undefined, none: string): string => (ms === undefined ? none : new Date(ms).toISOString().slice(0, 10));
  const rows = holds.map(({ id, site, tier, fromMs, toMs, by, atMs, released, reason }) => [id, site ?? 'all', tier ?? 'all', `${day(fromMs, '…')} to ${day(toMs, '…')}`, by, day(atMs, ''), day(released?.atMs, 'in force'), reason]);
  process.stdout.write(holds.length === 0 ? 'No hold. Add one with "tourniquet hold add --reason …".\n' : printTable([{ title: 'HOLD' }, { title: 'SITE' }, { title: 'TIER' }, { title: 'RECEIVED' }, { title: 'BY' }, { title: 'SINCE' }, { title: 'RELEASED' }, { title: 'REASON', cut: true }], rows));
  return 0;
}

/** The release stands on the trail before it counts. */
export async function releaseHoldCommand(id: string, options: { readonly reason: string; readonly json?: true }): Promise<number> {
  requireReason(options.reason);
  const [home, config] = [homeAt(), loadConfig()];
  requireRunning(config, home, 'keys');
  await using log = await openEventLog(config, home);
  const known = (await readHolds(log.registry)).find((hold) => hold.id === id);
  if (known === undefined) throw new UsageError('there is no such hold; "tourniquet hold list" names all');
  const site = known.site;
  await writeOnTrail(config, home, log, { action: 'hold-released', category: ['configuration'], outcome: 'unknown', reason: options.reason, target: { kind: 'site', name: site ?? '', ...(site === undefined ? {} : { site }) }, about: { hold: { id } } });
  const released = await releaseHold(log.registry, id, { atMs: Date.now(), by: os.userInfo().username, reason: options.reason });
  process.stdout.write(options.json === true ? `${JSON.stringify(recordOf(released))}\n` : `Hold ${id} is released: what is past its period goes with the next "tourniquet expire --apply".\n`);
  return 0;
}
