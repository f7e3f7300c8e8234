import { setTimeout as sleep } from 'node:timers/promises';
import type { ClickHouseClient } from '@clickhouse/client';
import type { Home } from '../../roles/home.ts';
import { verifyStore } from '../../roles/verify-store.ts';
import { numberOf, rowsOf } from '../store-reader.ts';
import type { WebhookReceiver } from '../webhook-receiver.ts';

export async function until(condition: () => Promise<boolean> | boolean, waitMs: number): Promise<boolean> {
  const deadline = performance.now() + waitMs;
  while (performance.now() < deadline) {
    try {
      if (await condition()) return true;
    } catch {
      // What is asked may be down just now.
    }
    await sleep(100);
  }
  return false;
}

/** Dead letters, and holes of chains or of the log that stayed. */
export async function leftoverFailures(client: ClickHouseClient, lostRanges = 0): Promise<readonly string[]> {
  const dead = await numberOf(client, 'SELECT count() AS n FROM tourniquet.dead_letters');
  const holes = await numberOf(client, "SELECT count() AS n FROM (SELECT argMax(state, (received_at, position)) AS newest FROM tourniquet.gaps GROUP BY site, stream, epoch, from_seq, to_seq) WHERE newest != 'closed'");
  return [...(dead === 0 ? [] : [`${dead} dead letters`]), ...(holes === lostRanges ? [] : [`${holes} gaps`])];
}

/** Alerts and webhooks, one to one by id. */
export async function alertFailures(client: ClickHouseClient, receiver: WebhookReceiver, waitMs: number): Promise<readonly string[]> {
  const ids = async (): Promise<readonly string[]> => (await rowsOf<{ id: string }>(client, 'SELECT id FROM tourniquet.alerts')).map((a) => a.id);
  const delivered = (): ReadonlySet<string> => new Set(receiver.received.map((w) => w.id));
  await until(async () => (await ids()).every((id) => delivered().has(id)), waitMs);
  const stored = await ids();
  const missing = stored.filter((id) => !delivered().has(id)).length;
  const unknown = [...delivered()].filter((id) => !stored.includes(id)).length;
  return [
    ...(new Set(stored).size === stored.length ? [] : ['an alert is stored twice']),
    ...(missing === 0 ? [] : [`${missing} of ${stored.length} alerts were not delivered`]),
    ...(unknown === 0 ? [] : [`${unknown} webhooks tell of no stored alert`]),
  ];
}

/** Leaves of each site without hole or double, and every root as signed. Waits until each event stands under a checkpoint. */
export async function treeFailures(client: ClickHouseClient, home: Home, waitMs: number): Promise<readonly string[]> {
  const torn = await rowsOf<{ site: string }>(client, 'SELECT site FROM tourniquet.events GROUP BY site HAVING uniqExact(leaf) != count() OR max(leaf) + 1 != count()');
  const attested = await until(async () => (await verifyStore(home)).events === (await numberOf(client, 'SELECT count() AS n FROM tourniquet.events')), waitMs);
  const verdict = await verifyStore(home);
  return [
    ...torn.map(({ site }) => `${site} has no single tree`),
    ...(attested ? [] : ['not every event stands under a signed checkpoint']),
    ...(verdict.ok ? [] : [`the roots do not hold: ${verdict.text}`, ...verdict.problems.slice(0, 3).map((p) => `${p.site}: ${p.kind}: ${p.message}`)]),
  ];
}
