import { setTimeout as sleep } from 'node:timers/promises';
import type { ClickHouseClient } from '@clickhouse/client';
import { makeHome } from '../../roles/home.ts';
import { readRunFile, PIPELINE_ROLES } from '../../roles/run-file.ts';
import { verifyStore } from '../../roles/verify-store.ts';
import { committedEvents, registerSite } from '../pipeline.ts';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { numberOf, openReader, rowsOf } from '../store-reader.ts';
import { Throwaway } from '../throwaway.ts';
import { startWebhookReceiver } from '../webhook-receiver.ts';
import { freePorts } from './free-port.ts';
import { VICTIMS, Victims } from './victims.ts';

export interface ChaosOptions {
  readonly seed: number;
  /** Kills of each process. */
  readonly kills: number;
  readonly onKill?: (done: number, total: number, what: string) => void;
}

export interface ChaosReport {
  readonly kills: number;
  readonly sent: number;
  readonly stored: number;
  readonly alerts: number;
  readonly webhooks: number;
  /** What did not hold; empty when all is well. */
  readonly failures: readonly string[];
}

const SITE = 'chaos';
const BATCH = 500;
const SETTLE_MS = 240_000;

async function until(condition: () => Promise<boolean>, waitMs: number): Promise<boolean> {
  const deadline = performance.now() + waitMs;
  while (performance.now() < deadline) {
    if (await condition().catch(() => false)) return true;
    await sleep(200);
  }
  return false;
}

/** Each event once, in order: the sequence says the place, the action says which line it was. */
async function orderFailures(client: ClickHouseClient, sent: number): Promise<readonly string[]> {
  const [row] = await rowsOf<{ n: number; seqs: number; wrong: number; top: number }>(
    client,
    "SELECT count() AS n, uniqExact(epoch, seq) AS seqs, countIf(action != concat('chaos-', toString(seq))) AS wrong, max(seq) AS top FROM tourniquet.events WHERE stream = 'chaos'",
  );
  if (row === undefined) return ['no events'];
  // What correlations find stands between them on the trail of the site.
  const inOrder = await rowsOf<{ seq: number }>(client, "SELECT seq FROM tourniquet.events WHERE stream = 'chaos' ORDER BY leaf");
  const moved = inOrder.filter(({ seq }, i) => seq !== i).length;
  return [
    ...(row.n === sent ? [] : [`${row.n} of ${sent} events are stored`]),
    ...(row.seqs === row.n ? [] : [`${row.n - row.seqs} events are stored twice`]),
    ...(row.wrong + moved === 0 ? [] : [`${row.wrong + moved} events are not in the place they were sent in`]),
  ];
}

/**
 * Kills every process of the product at random moments while lines come in, then lets it settle and reconciles from
 * sender to webhook.
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const random = seededRandom(options.seed);
  const receiver = await startWebhookReceiver();
  const [gateway, storage, keys] = await freePorts(3);
  using place = new Throwaway('', `gateway:\n  port: ${gateway}\nstorage:\n  port: ${storage}\nkeys:\n  port: ${keys}\nconsole:\n  port: 0\nrespond:\n  notify_every_alert: true\n  webhooks:\n    url: ${receiver.url}\n    allow_private_addresses: true\n`);
  makeHome(place.home);
  const victims = new Victims(place.home);
  victims.grow(BATCH);
  victims.start();
  await until(async () => PIPELINE_ROLES.every((r) => readRunFile(place.home, r) !== undefined), 30_000);
  await registerSite(place.home, SITE);
  victims.keepSending(SITE);

  const targets = VICTIMS.flatMap((v) => Array.from({ length: options.kills }, () => v)).map((v) => ({ v, key: random() })).toSorted((a, b) => a.key - b.key).map((t) => t.v);
  for (const [i, victim] of targets.entries()) {
    victims.grow(BATCH);
    await sleep(random.below(900));
    await victims.kill(victim);
    options.onKill?.(i + 1, targets.length, victim);
  }

  const failures: string[] = [];
  const client = await openReader(place.home);
  const drained = await until(async () => (await committedEvents(client)) >= victims.lines, SETTLE_MS);
  if (!drained) failures.push('not everything was stored in time');
  failures.push(...(await orderFailures(client, victims.lines)));
  const dead = await numberOf(client, 'SELECT count() AS n FROM tourniquet.dead_letters');
  if (dead !== 0) failures.push(`${dead} dead letters`);
  const alerts = (await rowsOf<{ id: string }>(client, 'SELECT id FROM tourniquet.alerts')).map((a) => a.id);
  if (new Set(alerts).size !== alerts.length) failures.push('an alert is stored twice');
  const delivered = (): Set<string> => new Set(receiver.received.map((w) => w.id));
  if (!(await until(async () => delivered().size >= alerts.length, SETTLE_MS))) failures.push(`${delivered().size} of ${alerts.length} alerts were delivered`);
  if (alerts.some((id) => !delivered().has(id)) || delivered().size > alerts.length) failures.push('webhooks and alerts have different ids');
  // What correlations find stands on the trail of the site, too.
  const onTrail = (): Promise<number> => numberOf(client, 'SELECT count() AS n FROM tourniquet.events');
  const verified = await until(async () => (await verifyStore(place.home)).events === (await onTrail()), SETTLE_MS);
  const verdict = await verifyStore(place.home);
  if (!verified || !verdict.ok) failures.push(`the roots do not hold: ${verdict.text}`);
  const stored = await numberOf(client, "SELECT count() AS n FROM tourniquet.events WHERE stream = 'chaos'");
  await client.close();
  await victims.stop();
  await receiver.close();
  return { kills: targets.length, sent: victims.lines, stored, alerts: alerts.length, webhooks: receiver.received.length, failures };
}
