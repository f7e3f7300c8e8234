import { setTimeout as sleep } from 'node:timers/promises';
import { registerSite, runGenerator, untilStored } from './pipeline.ts';
import { openReader, rowsOf } from './store-reader.ts';
import { Throwaway } from './throwaway.ts';
import { startWebhookReceiver } from './webhook-receiver.ts';

export interface AlertLatency {
  /** Milliseconds from a block's receipt at the sender to each of its alerts' webhook. */
  readonly latenciesMs: readonly number[];
  readonly eventsPerSecond: number;
  /** Alerts stored that no webhook told of. */
  readonly missing: number;
}

/** One event in a thousand is an attack: about 20 alerts a second at 20,000 events a second. */
const ATTACK_SHARE = 0.001;

/** Sends at a steady rate and holds each alert's webhook against the moment its block was acknowledged. */
export async function measureAlertLatency(options: { readonly rate: number; readonly seconds: number; readonly seed: number }): Promise<AlertLatency> {
  const receiver = await startWebhookReceiver();
  using place = new Throwaway(`respond:\n  notify_every_alert: true\n  webhooks:\n    url: ${receiver.url}\n    allow_private_addresses: true\n`);
  await using instance = await place.open();
  const addresses = await Promise.race([instance.start(), instance.failed]);
  const { enrolmentSecret } = await registerSite(place.home, 'load');
  const report = await runGenerator({
    gatewayUrls: [addresses.get('gateway') ?? ''], sites: [{ site: 'load', enrolmentSecret }], seed: options.seed, streams: 4, linesPerBlock: 200,
    durationMs: options.seconds * 1000, maxEvents: Number.MAX_SAFE_INTEGER, rate: options.rate, attackShare: ATTACK_SHARE,
  });
  const client = await openReader(place.home);
  await untilStored(client, report.events);
  const alerts = await rowsOf<{ id: string; stream: string; seq: number }>(client, 'SELECT id, stream, seq FROM tourniquet.alerts');
  const deadline = performance.now() + 30_000;
  const arrived = (): ReadonlyMap<string, number> => new Map(receiver.received.toReversed().map((w) => [w.id, w.receivedAtMs]));
  while (arrived().size < alerts.length && performance.now() < deadline) await sleep(100);
  await client.close();
  await receiver.close();

  const blockEnds = Map.groupBy(Object.entries(report.acknowledged).map(([key, at]) => ({ stream: key.slice(0, key.lastIndexOf('/')), last: Number(key.slice(key.lastIndexOf('/') + 1)), at })), (b) => b.stream);
  for (const ends of blockEnds.values()) ends.sort((a, b) => a.last - b.last);
  const times = arrived();
  const latenciesMs = alerts.flatMap(({ id, stream, seq }) => {
    const acknowledgedAt = blockEnds.get(`load/${stream}`)?.find((b) => b.last >= seq)?.at;
    const webhookAt = times.get(id);
    return acknowledgedAt === undefined || webhookAt === undefined ? [] : [webhookAt - acknowledgedAt];
  });
  return { latenciesMs, eventsPerSecond: report.events / (report.elapsedMs / 1000), missing: alerts.length - latenciesMs.length };
}
