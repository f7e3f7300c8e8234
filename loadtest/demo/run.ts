import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClickHouseClient } from '@clickhouse/client';
import { verifyWebhook } from '../../respond/webhook-verifier.ts';
import { createProgress } from '../../roles/progress.ts';
import { readSecretFile } from '../../roles/secret-files.ts';
import { verifyStore } from '../../roles/verify-store.ts';
import { scopeText } from '../../storage/scope/scope-text.ts';
import { untilStored } from '../pipeline.ts';
import { rowsOf, openReader } from '../store-reader.ts';
import { Throwaway } from '../throwaway.ts';
import { startWebhookReceiver } from '../webhook-receiver.ts';
import type { ReceivedWebhook } from '../webhook-receiver.ts';
import { demoDay } from './day.ts';
import type { DemoDay } from './day.ts';
import { judgeStories } from './reconcile.ts';
import type { StoryResult } from './reconcile.ts';
import { openReplay } from './replay.ts';
import { SHOPS } from './shops.ts';
import { judgePersons, whoseData } from './whose-data.ts';
import type { WhoseData } from './whose-data.ts';

export interface DemoOptions {
  readonly seed: number;
  readonly visits: number;
  readonly exit: boolean;
  readonly stopped: Promise<'stopped'>;
}

/** A day of the past, so that every run with a seed is the same: 20 November 2026. */
const DAY = Date.UTC(2026, 10, 20);
const ALERT_WAIT_MS = 15_000;
const CALM_MS = 2_000;

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** What a webhook says, in one line; undefined when its signature does not hold. */
function alertLine(webhook: ReceivedWebhook, secret: string): string | undefined {
  if (!verifyWebhook({ headers: webhook.headers, body: Buffer.from(webhook.body) }, [secret], Date.now()).ok) return undefined;
  // A finding as respond/detection-finding.ts makes it; its signature was just checked.
  const finding = JSON.parse(webhook.body) as { readonly severity: string; readonly finding_info: { readonly title: string }; readonly time: number; readonly resources: readonly { readonly name: string }[] };
  return `  alert  ${new Date(finding.time).toISOString().slice(11, 19)}  ${finding.severity.padEnd(8)}  ${(finding.resources[0]?.name ?? '').padEnd(12)} ${finding.finding_info.title}`;
}

interface Totals {
  readonly events: number;
  readonly dead: number;
  readonly masked: number;
  readonly alerts: number;
  /** Of alerts: each is told once at first. */
  readonly groups: number;
  /** What correlations found, and our own acts, as events. */
  readonly findings: number;
}

async function totalsOf(client: ClickHouseClient): Promise<Totals> {
  const [row] = await rowsOf<Totals>(client, `SELECT
    (SELECT countIf(provenance != 'system') FROM tourniquet.events) AS events, (SELECT countIf(provenance = 'system') FROM tourniquet.events) AS findings,
    (SELECT count() FROM tourniquet.dead_letters) AS dead, (SELECT sum(masked_spans) FROM tourniquet.blocks) AS masked,
    (SELECT count() FROM tourniquet.alerts) AS alerts, (SELECT uniqExact(if(group = '', id, group)) FROM tourniquet.alerts) AS groups`);
  return row ?? { events: 0, dead: 0, masked: 0, alerts: 0, groups: 0, findings: 0 };
}

function storyLines(results: readonly StoryResult[]): readonly string[] {
  const word = ({ story, ok }: StoryResult): string => (story.finds === undefined ? (ok ? 'silent' : 'ALARM') : ok ? 'found' : 'MISSED');
  return results.map((r) => `    ${word(r).padEnd(6)}  ${r.story.site.padEnd(12)} ${r.story.name}`);
}

/** The question as it is asked on the command line, and its answer. */
function scopeLines(day: DemoDay, { alert, report }: WhoseData): string {
  return `$ tourniquet scope --site ${day.breach.site} --alert ${alert} --from ${dayText(report.request.fromMs)} --to ${dayText(report.request.toMs)}\n${scopeText(report).trimEnd()}`;
}

function dayText(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

interface Verdict {
  readonly ok: boolean;
  readonly text: string;
}

interface Check extends Verdict {
  readonly name: string;
}

interface Outcome {
  readonly sent: number;
  readonly totals: Totals;
  readonly results: readonly StoryResult[];
  readonly webhooks: number;
  readonly persons: Verdict;
  readonly verified: Verdict & { readonly events: number };
}

function checksOf({ sent, totals, results, webhooks, persons, verified }: Outcome): readonly Check[] {
  const attacks = results.filter((r) => r.story.finds !== undefined);
  const lookAlikes = results.filter((r) => r.story.finds === undefined);
  const count = (of: readonly StoryResult[]): string => `${of.filter((r) => r.ok).length} of ${of.length}`;
  return [
    { name: 'events sent', ok: true, text: String(sent) },
    { name: 'stored, once each', ok: totals.events + totals.dead === sent && totals.dead === 0, text: `${totals.events}${totals.dead === 0 ? '' : ` and ${totals.dead} dead letters`}` },
    { name: 'spans masked', ok: totals.masked > 0, text: String(totals.masked) },
    { name: 'alerts delivered', ok: webhooks === totals.groups, text: `${webhooks} requests for ${totals.alerts} alerts in ${totals.groups} groups, signatures checked` },
    { name: 'planted attacks found', ok: attacks.every((r) => r.ok), text: count(attacks) },
    { name: 'look-alikes silent', ok: lookAlikes.every((r) => r.ok), text: count(lookAlikes) },
    { name: 'persons of the breach', ...persons },
    { name: 'roots re-derived from rows', ok: verified.ok && verified.events >= totals.events + totals.findings, text: verified.text },
  ];
}

async function settled(condition: () => Promise<boolean>, waitMs: number): Promise<void> {
  const deadline = performance.now() + waitMs;
  while (performance.now() < deadline && !(await condition())) await sleep(100);
}

/** Correlations speak after the last event: the totals once nothing new came for a while and all of it was told. */
async function finalTotals(client: ClickHouseClient, told: ReadonlySet<string>): Promise<Totals> {
  let totals = await totalsOf(client);
  let sinceMs = performance.now();
  await settled(async () => {
    const now = await totalsOf(client);
    if (now.alerts !== totals.alerts || now.findings !== totals.findings) sinceMs = performance.now();
    totals = now;
    return performance.now() - sinceMs > CALM_MS && told.size >= totals.groups;
  }, ALERT_WAIT_MS);
  return totals;
}

/** Replays the day through a real instance and holds what was stored against the truth. Returns the exit code. */
export async function demoRun(options: DemoOptions): Promise<number> {
  const printed = new Set<string>();
  const progress = createProgress('replay');
  let secret = '';
  const receiver = await startWebhookReceiver((webhook) => {
    const line = alertLine(webhook, secret);
    if (line === undefined) progress.print(`  an alert with a wrong signature came in: ${webhook.id}`);
    else if (!printed.has(webhook.id)) {
      printed.add(webhook.id);
      progress.print(line);
    }
  });
  using place = new Throwaway(`respond:\n  webhooks:\n    url: ${receiver.url}\n    allow_private_addresses: true\n`);
  await using instance = await place.open();
  secret = readSecretFile(place.home, 'webhook');
  const addresses = await Promise.race([instance.start(), instance.failed, options.stopped]);
  if (addresses === 'stopped') return 1;
  const day = demoDay(options.seed, DAY, options.visits);
  say(`Replaying a day of ${SHOPS.length} shops (seed ${options.seed}): ${day.lines.length} lines, ${day.stories.filter((s) => s.finds !== undefined).length} attacks planted.`);
  const replay = await openReplay(place.home, addresses.get('gateway') ?? '', SHOPS.map((s) => s.site));
  const client = await openReader(place.home);
  const sent = replay.send(day.lines, (n) => progress.update(n, day.lines.length, `${n} lines`)).then(() => untilStored(client, day.lines.length));
  if ((await Promise.race([sent, instance.failed, options.stopped])) === 'stopped') return 1;
  progress.end();
  const totals = await finalTotals(client, printed);
  let verified = await verifyStore(place.home);
  await settled(async () => (verified = await verifyStore(place.home)).events >= totals.events + totals.findings, ALERT_WAIT_MS);
  const results = await judgeStories(client, day);
  const whose = await whoseData(place.home, day);
  await client.close();
  if (whose !== undefined) say(`\n${scopeLines(day, whose)}`);
  say(`\nThe day against its truth:\n${storyLines(results).join('\n')}\n`);
  const checks = checksOf({ sent: day.lines.length, totals, results, webhooks: printed.size, persons: judgePersons(day.breach, whose?.report), verified });
  for (const check of checks) process.stdout.write(`  ${check.ok ? 'ok  ' : 'FAIL'}  ${check.name.padEnd(28)} ${check.text}\n`);
  const ok = checks.every((c) => c.ok);
  if (!options.exit) {
    say(`\nLook around while it runs (Ctrl-C ends it and removes everything):\n  TOURNIQUET_HOME=${place.home.root} npx tourniquet query "SELECT site, class, count() FROM matches GROUP BY ALL ORDER BY 3 DESC"\n  TOURNIQUET_HOME=${place.home.root} npx tourniquet status`);
    await Promise.race([options.stopped, instance.failed]);
  }
  await receiver.close();
  return ok ? 0 : 1;
}
