import { createClient } from '@clickhouse/client';
import { loadConfig } from '../config/config.ts';
import { storageAccess } from '../connections.ts';
import { homeAt } from '../home.ts';
import { readRunFile, ROLES } from '../run-file.ts';
import type { RunFile } from '../run-file.ts';

interface SiteCounts {
  readonly site: string;
  readonly lines: number;
  readonly stored: number;
  readonly dead_letters: number;
  readonly masked_spans: number;
  readonly open_gaps: number;
  readonly alerts: number;
  readonly last_received_at: string;
}

const BY_SITE = `
  SELECT b.site AS site, b.lines AS lines, b.stored AS stored, b.dead AS dead_letters, b.masked AS masked_spans,
    g.open AS open_gaps, a.alerts AS alerts, b.last AS last_received_at
  FROM (SELECT site, sum(lines) AS lines, sum(stored) AS stored, sum(dead) AS dead, sum(masked_spans) AS masked, toString(max(received_at)) AS last FROM blocks GROUP BY site) AS b
  LEFT JOIN (SELECT site, countIf(state = 'open') AS open FROM
    (SELECT site, stream, epoch, from_seq, to_seq, argMax(state, (received_at, position)) AS state FROM gaps GROUP BY site, stream, epoch, from_seq, to_seq) GROUP BY site) AS g ON g.site = b.site
  LEFT JOIN (SELECT site, count() AS alerts FROM alerts GROUP BY site) AS a ON a.site = b.site
  ORDER BY site`;

async function readCounts(): Promise<readonly SiteCounts[]> {
  const access = await storageAccess(loadConfig(), homeAt(), 'reader');
  const client = createClient({ url: access.url, username: access.user, password: access.password });
  try {
    const answer = await client.query({ query: BY_SITE, format: 'JSONEachRow', clickhouse_settings: { output_format_json_quote_64bit_integers: 0 } });
    return await answer.json<SiteCounts>();
  } finally {
    await client.close();
  }
}

function columnsOf(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((r) => r[column]?.length ?? 0))) ?? [];
  return rows.map((r) => r.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ').trimEnd()).join('\n');
}

function printRoles(running: readonly RunFile[]): void {
  const rows = running.map((r) => [r.role, String(r.pid), r.started_at.slice(0, 19), r.url || '-']);
  process.stdout.write(`${columnsOf([['ROLE', 'PID', 'SINCE (UTC)', 'ADDRESS'], ...rows])}\n`);
}

function printPartitions(worker: RunFile | undefined): void {
  const partitions = worker?.status['partitions'];
  if (!Array.isArray(partitions) || partitions.length === 0) return;
  // Written by the worker role from CommitterStatus.
  const rows = (partitions as readonly Readonly<Record<string, number>>[]).map((p) => ['partition', 'position', 'lag', 'groups', 'events', 'duplicates', 'deadLetters', 'eventsPerSecond'].map((k) => String(Math.round(p[k] ?? 0))));
  process.stdout.write(`\n${columnsOf([['PARTITION', 'POSITION', 'LAG (BLOCKS)', 'GROUPS', 'EVENTS', 'DUPLICATES', 'DEAD', 'EVENTS/S'], ...rows])}   (since the worker started)\n`);
}

/** Written by the worker role. */
interface RuleStatus {
  readonly version: string;
  readonly signatures: number;
  readonly sigma: number;
  readonly correlations: number;
  readonly refused: string;
}

function printRules(worker: RunFile | undefined): void {
  const rules = worker?.status['rules'] as RuleStatus | undefined;
  if (rules === undefined) return;
  process.stdout.write(`\nrules ${rules.version.slice(0, 12)}: ${rules.signatures} signatures, ${rules.sigma} Sigma rules, ${rules.correlations} correlations\n`);
  if (rules.refused !== '') process.stdout.write(`Changed rules were refused, those above go on:\n${rules.refused}\n`);
}

function printSites(sites: readonly SiteCounts[]): void {
  const rows = sites.map((s) => [s.site, s.lines, s.stored, s.dead_letters, s.masked_spans, s.open_gaps, s.alerts, s.last_received_at].map(String));
  process.stdout.write(`\n${columnsOf([['SITE', 'LINES IN', 'STORED', 'DEAD', 'MASKED', 'OPEN GAPS', 'ALERTS', 'LAST RECEIVED (UTC)'], ...rows])}\n`);
}

export async function status(options: { readonly json?: true }): Promise<number> {
  const home = homeAt();
  const running = ROLES.map((r) => readRunFile(home, r)).filter((r) => r !== undefined);
  const storageIsUp = loadConfig().addresses.storage !== '' || running.some((r) => r.role === 'storage');
  const sites = storageIsUp ? await readCounts() : [];
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify({ home: home.root, roles: running, sites }, null, 2)}\n`);
  } else if (running.length === 0) {
    process.stdout.write(`Nothing runs on ${home.root}. Start it with "npm start" or "tourniquet up".\n`);
  } else {
    printRoles(running);
    const worker = running.find((r) => r.role === 'worker');
    printPartitions(worker);
    printRules(worker);
    if (storageIsUp) printSites(sites);
  }
  return running.length > 0 || storageIsUp ? 0 : 1;
}
