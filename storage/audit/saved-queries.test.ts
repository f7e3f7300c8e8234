import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TableName } from '../../contracts/tables.ts';
import type { Cell } from './audit-answer.ts';
import { auditFolders, listQueries } from './audit-folders.ts';
import { ago, letters, NOW, openPlantedStore, SEALED_LEAVES } from './planted-rows.ts';
import type { PlantedRow, PlantedStore } from './planted-rows.ts';

let store: PlantedStore;
beforeAll(async () => {
  store = await openPlantedStore();
});
afterAll(() => store[Symbol.asyncDispose]());

test('every shipped query can be read, runs on a store without rows, and names controls', async () => {
  const { queries, problems } = await listQueries(auditFolders([]));
  expect(problems).toEqual([]);
  expect(queries.length).toBeGreaterThan(20);
  for (const { name, parameters, controls } of queries) {
    const needed = Object.fromEntries(parameters.filter((p) => p.default === undefined).map((p) => [p.name, p.type === 'subjects' ? letters('p') : 'nobody']));
    const { rows } = await store.ask(name, needed);
    // The checkpoints planted for every test are all there is.
    expect([name, rows.filter((row) => row['signed_checkpoints'] === undefined)]).toEqual([name, []]);
    expect([name, controls.every((control) => /^(HIPAA|GDPR|PCI DSS|SOC 2|ISO 27001) /.test(control))]).toEqual([name, true]);
  }
});

test('docs/audit.md lists every shipped query with what it serves', async () => {
  const page = readFileSync(new URL('../../docs/audit.md', import.meta.url), 'utf8');
  const { queries } = await listQueries(auditFolders([]));
  const rows = queries.map(({ name, title, controls, role }) => `| \`${name}\` | ${title} | ${controls.join(', ')} |${role === 'analyst' ? '' : ` ${role}`} |`);
  expect(page.split('\n').filter((line) => /^\| `[a-z]+-/.test(line))).toEqual(rows);
});

test('no deed hides behind a time to come: such a time counts as that of its receipt', async () => {
  await store.seal('ahead');
  const row = { site: 'ahead', leaf: 1, actor: 'clock', subject: letters('k'), timestamp: ago(-24 * 400), how: 'export', category: 'iam', destination: 'ahead.example' };
  await store.plant('acts', [row, { ...row, leaf: 2, received_at: ago(24 * 50) }]);
  await store.plant('accesses', [row]);
  for (const [name, needed] of [['all-by-actor', { actor: 'clock' }], ['exports-and-downloads', {}], ['role-key-configuration-changes', {}], ['who-accessed-subject', { subject: letters('k') }]] as const) {
    const { rows } = await store.ask(name, { ...needed, sites: 'ahead' }, { sites: ['_system', 'ahead'] });
    expect([name, rows.map(({ leaf }) => leaf)]).toEqual([name, [1]]);
  }
  expect((await store.ask('new-hosts', { sites: 'ahead' }, { sites: ['_system', 'ahead'] })).rows).toMatchObject([{ destination: 'ahead.example', deeds: 2 }]);
});

interface Case {
  readonly query: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Right rows and look-alikes; a site of the case's own is put into each. */
  readonly plant: Readonly<Partial<Record<TableName, readonly PlantedRow[]>>>;
  /** Of each row of the answer, in order. */
  readonly columns: readonly string[];
  readonly expected: readonly (readonly Cell[])[];
}

const ME = letters('a');
const OTHER = letters('b');
const BEYOND = { leaf: SEALED_LEAVES };

/** A habit: twenty reads of 40 records on each of ten days, at 9 and 10 o'clock, from one address. */
function habit(actor: string): readonly PlantedRow[] {
  return Array.from({ length: 10 }, (_, day) => [15, 14].map((hour) => ({ actor, how: 'list', records: 20, timestamp: ago(24 * (10 + day) + hour) }))).flat();
}

const CASES: readonly Case[] = [
  {
    query: 'who-accessed-subject', parameters: { subject: ME },
    plant: {
      accesses: [
        { subject: ME, actor: 'second', timestamp: ago(2) }, { subject: ME, actor: 'first', timestamp: ago(3), how: 'export' },
        { subject: OTHER, actor: 'of somebody else' }, { subject: ME, actor: 'long ago', timestamp: ago(24 * 91) }, { subject: ME, actor: 'not sealed yet', ...BEYOND },
      ],
    },
    columns: ['actor', 'how'], expected: [['first', 'export'], ['second', 'view']],
  },
  {
    query: 'subject-export', parameters: { subject: `${ME},${OTHER}` },
    plant: {
      accesses: [
        { subject: ME, how: 'view', classes: ['pii.email'], fields: ['email'] }, { subject: OTHER, how: 'view', classes: ['phi.diagnosis'] },
        { subject: ME, how: 'mail', destination: 'mail.example', role: '' }, { subject: letters('c'), how: 'ai' },
      ],
    },
    columns: ['how', 'destination', 'deeds', 'data_classes'], expected: [['mail', 'mail.example', 1, []], ['view', '', 2, ['phi.diagnosis', 'pii.email']]],
  },
  {
    query: 'all-by-actor', parameters: { actor: 'till' },
    plant: { acts: [{ actor: 'till', action: 'order-viewed', timestamp: ago(5) }, { actor: 'till', action: 'user-login', timestamp: ago(6) }, { actor: 'Till', action: 'of another' }, { actor: 'till', action: 'long ago', timestamp: ago(24 * 31) }] },
    columns: ['action'], expected: [['user-login'], ['order-viewed']],
  },
  {
    query: 'exports-and-downloads',
    plant: { acts: [{ how: 'export', action: 'orders-exported' }, { how: 'backup', action: 'backup-created' }, { how: 'download', action: 'backup-downloaded' }, { how: 'list', action: 'order-list-viewed' }, { how: 'api', action: 'rest-read' }] },
    columns: ['action'], expected: [['orders-exported'], ['backup-created'], ['backup-downloaded']],
  },
  {
    query: 'reads-outside-habit',
    plant: {
      acts: [
        ...habit('steady'), { actor: 'steady', how: 'list', records: 40, timestamp: ago(15) },
        ...habit('greedy'), { actor: 'greedy', how: 'export', records: 130, timestamp: ago(15) },
        ...habit('owl'), { actor: 'owl', how: 'view', records: 1, timestamp: ago(21) },
        ...habit('traveller'), { actor: 'traveller', how: 'view', records: 1, timestamp: ago(14), address: '198.51.100.7' },
        { actor: 'newcomer', how: 'list', records: 60, timestamp: ago(10) }, { actor: 'quiet newcomer', how: 'view', records: 1, timestamp: ago(10) },
        ...habit('writer'), { actor: 'writer', how: 'change', records: 900, timestamp: ago(2) },
      ],
    },
    columns: ['actor', 'why'], expected: [['greedy', ['volume']], ['newcomer', ['no habit yet']], ['owl', ['hour']], ['traveller', ['address']]],
  },
  {
    query: 'bulk-reads',
    plant: {
      acts: [
        ...Array.from({ length: 6 }, () => ({ actor: 'greedy', how: 'list', records: 100, timestamp: ago(3) })),
        ...Array.from({ length: 6 }, (_, i) => ({ actor: 'patient', how: 'list', records: 100, timestamp: ago(3 + i) })),
        { actor: '', address: '198.51.100.7', how: 'api', records: 700, timestamp: ago(3) }, { actor: '', address: '198.51.100.8', how: 'api', records: 400, timestamp: ago(3) },
        { actor: 'exporter', how: 'export', records: 5_000 },
      ],
    },
    columns: ['actor', 'nobody_at', 'records_read'], expected: [['', '198.51.100.7', 700], ['greedy', '', 600]],
  },
  {
    query: 'ai-egress', parameters: { personal: 1 },
    plant: { acts: [{ how: 'ai', destination: 'api.ai.example', classes: ['phi.diagnosis'] }, { how: 'ai', destination: 'named.example', subjects: 1 }, { how: 'ai', destination: 'nothing.example' }, { how: 'outbound', destination: 'other.example', subjects: 4 }] },
    columns: ['destination'], expected: [['api.ai.example'], ['named.example']],
  },
  {
    query: 'outbound-transfers', parameters: { inside: 'inside, DE' },
    plant: { acts: [{ how: 'outbound', region: 'outside', destination: 'far.example' }, { how: 'mail', region: 'US', destination: 'mail.example' }, { how: 'outbound', region: 'inside' }, { how: 'outbound', region: 'DE' }, { how: 'outbound', region: '' }, { how: 'view', region: 'outside' }] },
    columns: ['destination'], expected: [['far.example'], ['mail.example']],
  },
  {
    query: 'new-hosts', parameters: { from: '7d' },
    plant: { acts: [{ destination: 'new.example', plugin: 'gallery', timestamp: ago(5) }, { destination: 'new.example', timestamp: ago(4) }, { destination: 'old.example', timestamp: ago(24 * 20) }, { destination: 'old.example' }, { destination: '' }] },
    columns: ['destination', 'deeds', 'plugins'], expected: [['new.example', 2, ['', 'gallery']]],
  },
  {
    query: 'role-key-configuration-changes',
    plant: {
      acts: [
        { category: 'iam', action: 'administrator-granted' }, { category: 'configuration', action: 'plugin-installed' }, { category: 'file', action: 'plugin-file-edited' }, { category: 'payment', action: 'bank-details-changed' },
        { category: 'payment', action: 'payment-complete' }, { category: 'data_access', action: 'order-viewed' }, { category: 'authentication', action: 'user-login' },
      ],
    },
    columns: ['action'], expected: [['administrator-granted'], ['plugin-installed'], ['plugin-file-edited'], ['bank-details-changed']],
  },
  {
    query: 'privileged-acts',
    plant: { acts: [{ role: 'administrator', action: 'a' }, { role: 'admin', action: 'b' }, { role: 'shop_manager', action: 'c' }, { role: '', action: 'd' }] },
    columns: ['action'], expected: [['a'], ['b']],
  },
  {
    query: 'failed-and-odd-logins',
    plant: {
      events: [
        { category: 'authentication', action: 'login-failed', outcome: 'failure', user_name: 'one', source_ip: '203.0.113.5' }, { category: 'authentication', action: 'login-failed', outcome: 'failure', user_name: 'two', source_ip: '203.0.113.5' },
        { category: 'authentication', action: 'user-login', outcome: 'success', user_name: 'moved', line: '{"wordpress":{"actor":{"place":"new","device":"known"}}}' },
        { category: 'authentication', action: 'user-login', outcome: 'success', user_name: 'dotted', line: '{"wordpress.actor.device":"new"}' },
        { category: 'authentication', action: 'user-login', outcome: 'success', user_name: 'usual', line: '{"wordpress":{"actor":{"place":"known","device":"known"}}}' },
        { category: 'authentication', action: 'login-failed', outcome: 'failure', user_name: 'claimed', provenance: 'gateway' },
        { category: 'data_access', action: 'order-viewed', outcome: 'failure', user_name: 'no log-in' },
      ],
    },
    columns: ['actor', 'place', 'device', 'failures_of_address'], expected: [['one', '', '', 2], ['two', '', '', 2], ['moved', 'new', 'known', 0], ['dotted', '', 'new', 0]],
  },
  {
    query: 'disabled-protection',
    plant: {
      acts: [
        { category: 'configuration', action: 'plugin-deactivated', plugin: 'wordfence' }, { category: 'configuration', action: 'plugin-deactivated', plugin: 'gallery' }, { category: 'configuration', action: 'plugin-updated', plugin: 'wordfence' },
        { category: 'configuration', action: 'shipping-paused' }, { category: 'configuration', action: 'constant-changed', target: 'WP_DEBUG', target_kind: 'option' }, { category: 'configuration', action: 'constant-changed', target: 'WP_MEMORY_LIMIT' },
        { category: 'configuration', action: 'option-updated', target: 'WP_DEBUG' },
      ],
    },
    columns: ['action', 'plugin'], expected: [['plugin-deactivated', 'wordfence'], ['shipping-paused', ''], ['constant-changed', '']],
  },
  {
    query: 'silent-sites-and-gaps',
    plant: {
      gaps: [{ from_seq: 5, to_seq: 9, received_at: ago(50) }, { from_seq: 20, to_seq: 21, received_at: ago(49) }, { from_seq: 20, to_seq: 21, received_at: ago(48), state: 'closed' }, { from_seq: 1, to_seq: 2, received_at: ago(24 * 60) }, { stream: 'event-log/0', epoch: 0, from_seq: 3, to_seq: 4, received_at: ago(3), state: 'lost' }],
      blocks: [...[200, 190, 150, 149, 20, 2].map((hours) => ({ received_at: ago(hours) })), { stream: 'web', received_at: ago(30) }, { stream: 'web', received_at: ago(10) }, { stream: 'ended', received_at: ago(26) }],
    },
    columns: ['stream', 'kind', 'from_seq', 'hours'],
    expected: [['audit', 'silence', 0, 40], ['audit', 'silence', 0, 129], ['audit', 'gap', 5, 0], ['audit', 'gap, closed since', 20, 0], ['ended', 'silence', 0, 26], ['event-log/0', 'lost for good', 3, 0]],
  },
  {
    query: 'intake-coverage',
    plant: { blocks: [{ lines: 10, stored: 9, dead: 1 }, { lines: 5, stored: 5, received_at: ago(1.5) }, { lines: 7, stored: 7, provenance: 'gateway' }, { lines: 99, stored: 99, received_at: ago(24 * 40) }] },
    columns: ['provenance', 'lines_in', 'lines_stored', 'dead_letters'], expected: [['gateway', 7, 7, 0], ['plugin', 15, 14, 1]],
  },
  {
    query: 'alerts-raised', parameters: { level: 'critical' },
    plant: { alerts: [{ id: 'a', level: 'critical', timestamp: ago(2), received_at: ago(2) }, { id: 'b', level: 'high', timestamp: ago(2), received_at: ago(2) }, { id: 'c', level: 'critical', timestamp: ago(24 * 40), received_at: ago(2) }] },
    columns: ['id'], expected: [['a']],
  },
  {
    query: 'personal-data-in-logs',
    plant: { matches: [{ engine: 'pack', class: 'pii.email', field: 'url.query', spans: 2, timestamp: ago(1), received_at: ago(1) }, { engine: 'pack', class: 'attack.sqli', field: 'url.query', timestamp: ago(1), received_at: ago(1) }, { engine: 'sigma', class: 'pii.email', timestamp: ago(1), received_at: ago(1) }] },
    columns: ['class', 'field', 'lines', 'values_masked'], expected: [['pii.email', 'url.query', 1, 2]],
  },
  {
    query: 'processing-record',
    plant: { acts: [{ how: 'view', classes: ['pii.email', 'phi.diagnosis'], records: 1 }, { how: 'view', classes: ['pii.email'], records: 2 }, { how: '', classes: ['pii.email'] }, { how: 'mail', classes: [], destination: 'mail.example' }] },
    columns: ['class', 'how', 'deeds', 'records_touched'], expected: [['phi.diagnosis', 'view', 1, 1], ['pii.email', 'view', 2, 3]],
  },
  {
    query: 'retention-state',
    plant: { events: [{ tier: 'health' }, { tier: 'health' }, { tier: 'standard' }, { tier: 'standard', ...BEYOND }], expiries: [{ id: letters('x'), tier: 'brief', month: 202607, rows: 12, expired_at: ago(100), note: 'n' }] },
    columns: ['month', 'tier', 'state', 'rows'], expected: [[202607, 'brief', 'dropped by policy', 12], [202611, 'health', 'kept', 2], [202611, 'standard', 'kept', 1]],
  },
];

test('every shipped query but those about our own acts has a case here', async () => {
  const { queries } = await listQueries(auditFolders([]));
  const own = ['auditor-queries', 'ledger-state', 'looks-behind-tokens', 'redactions-and-erasures', 'rules-in-force'];
  expect([...CASES.map(({ query }) => query), ...own].toSorted()).toEqual(queries.map(({ name }) => name).toSorted());
});

test.each(CASES.map((one, i) => ({ ...one, site: `case-${i}` })))('$query: right rows in, look-alikes out', async ({ query, parameters = {}, plant, columns, expected, site }) => {
  await store.seal(site);
  // JavaScript objects hold their tables as they were written.
  for (const [table, rows] of Object.entries(plant) as [TableName, readonly PlantedRow[]][]) await store.plant(table, rows.map((row) => (table === 'expiries' ? row : { ...row, site })));
  const { rows } = await store.ask(query, { sites: site, ...parameters }, { sites: ['_system', site] });
  expect(rows.map((row) => columns.map((column) => row[column]))).toEqual(expected);
});

const ownLine = (action: string, tourniquet: object, more: PlantedRow = {}): PlantedRow => ({
  site: '_system', provenance: 'system', stream: 'acts', action, user_name: 'anna', outcome: 'unknown', ...more,
  line: JSON.stringify({ event: { reason: 'because' }, user: { name: 'anna', roles: ['compliance'] }, tourniquet }),
});

test('our own acts: looks behind tokens of the sites asked for, queries of auditors, redactions', async () => {
  await store.plant('events', [
    ownLine('token-revealed', { target: { kind: 'token', name: ME, site: 'clinic' } }), ownLine('token-revealed', { target: { kind: 'token', name: OTHER, site: 'shop' } }),
    ownLine('audit-query-run', { target: { kind: 'query', name: 'who-accessed-subject' }, identifier: 'email', parameters: { subject: [ME] } }),
    ownLine('audit-query-run', { target: { kind: 'query', name: 'alerts-raised' } }, { user_name: 'boris' }),
    ownLine('event-redacted', { target: { kind: 'site', name: 'clinic', site: 'clinic' }, leaf: 7 }), ownLine('keys-rotated', {}),
    ownLine('token-revealed', { target: { kind: 'token', name: ME, site: 'clinic' } }, { site: 'clinic', provenance: 'plugin' }),
  ]);
  expect((await store.ask('looks-behind-tokens', { sites: 'clinic' })).rows).toMatchObject([{ actor: 'anna', role: 'compliance', of_site: 'clinic', token: ME, reason: 'because' }]);
  expect((await store.ask('auditor-queries', { actor: 'anna' })).rows).toMatchObject([{ query: 'who-accessed-subject', identifier_kind: 'email', parameters: `{"subject":["${ME}"]}` }]);
  expect((await store.ask('redactions-and-erasures')).rows).toMatchObject([{ action: 'event-redacted', target: 'clinic', reason: 'because' }]);
});

test('rules in force, and the ledger by day', async () => {
  await store.plant('commits', [{ committed_at: ago(5), rules: 'v1', events: 10 }, { committed_at: ago(4), rules: 'v1', events: 5 }, { committed_at: ago(3), rules: 'v2', events: 1 }, { committed_at: ago(24 * 100), rules: 'v0', events: 1 }]);
  expect((await store.ask('rules-in-force')).rows.map(({ rules, events_judged }) => [rules, events_judged])).toEqual([['v1', 15], ['v2', 1]]);
  expect((await store.ask('ledger-state', { sites: 'clinic' })).rows).toMatchObject([{ site: 'clinic', signed_checkpoints: 1, most_leaves: SEALED_LEAVES, day: new Date(NOW - 86_400_000).toISOString() }]);
});

test('a subject and an actor are found by the primary key: what else there is of the site is not read', async () => {
  const explain = async (sql: string, parameters: Readonly<Record<string, unknown>>): Promise<string> => {
    const answer = await store.reader.query({ query: `EXPLAIN indexes = 1 ${sql}`, query_params: { ...parameters, from: '2026-01-01 00:00:00', to: '2026-12-31 00:00:00', sites: ['clinic'], sealed_sites: ['clinic'], sealed_sizes: [1_000] }, format: 'TabSeparatedRaw' });
    return answer.text();
  };
  const [bySubject, byActor] = await Promise.all([auditFolders([]).query('who-accessed-subject'), auditFolders([]).query('all-by-actor')]);
  for (const [plan, key] of [[await explain(bySubject?.sql ?? '', { subject: [ME] }), 'subject'], [await explain(byActor?.sql ?? '', { actor: 'anna' }), 'actor']] as const) {
    const primaryKey = /PrimaryKey[\s\S]*?Condition: (.*)/.exec(plan)?.[1] ?? plan;
    expect(primaryKey).toContain(`(${key} in `);
    expect(primaryKey).toContain('(site in ');
    expect(primaryKey).toContain('(timestamp in ');
  }
});
