import { describe, expect, test } from 'vitest';
import type { ActColumns } from '../../../contracts/acts.ts';
import { formatMask, formatSummary } from '../../../contracts/masked-span.ts';
import { seededRandom } from '../../../contracts/seeded-random.ts';
import { deriveActOf } from './act.ts';
import type { DerivedAct } from './act.ts';

const SEED = Number(process.env['TOURNIQUET_SEED'] ?? 20261121);
const ANNA = 'abcdefghijklmnopabcdefgh';
const BODO = 'ponmlkjihgfedcbaponmlkji';

function derived(line: object, provenance: Parameters<typeof deriveActOf>[1] = 'plugin'): DerivedAct | undefined {
  return deriveActOf(JSON.stringify(line), provenance);
}

function event(what: string, more: object = {}): object {
  const [category, action] = what.split('/');
  return { event: { category, action, outcome: 'success' }, ...more };
}

const EMPTY: ActColumns = {
  actor: '', role: '', session: '', address: '', key: '', plugin: '', category: '', action: '', outcome: '', how: '', target_kind: '', target: '', destination: '', region: '', classes: [], fields: [],
  records: 0, subjects: 0, batch: '',
};

describe('a deed', () => {
  test('says who, whose, what and how', () => {
    const line = event('data_access/order-viewed', {
      user: { name: 'mira', roles: ['shop_manager', 'editor'] }, source: { ip: '192.0.2.7' }, woocommerce: { order: { id: 4711 } }, subjects: [{ type: 'customer', token: ANNA, jurisdiction: 'DE' }],
      wordpress: { session: { hash: 'hhh' }, key: { id: 'k1' }, plugin: { slug: 'orders' }, data: { classes: ['pii.name', 'pii.email', 'pii.name'], fields: ['phone', 'name'], records: 3 }, outbound: { region: 'DE' } },
    });
    expect(derived(line)).toEqual({
      act: {
        ...EMPTY, actor: 'mira', role: 'shop_manager', session: 'hhh', address: '192.0.2.7', key: 'k1', plugin: 'orders', category: 'data_access', action: 'order-viewed', outcome: 'success', how: 'list',
        target_kind: 'order', target: '4711', region: 'DE', classes: ['pii.email', 'pii.name'], fields: ['name', 'phone'], records: 3, subjects: 1,
      },
      subjects: [{ subject: ANNA, kind: 'customer', jurisdiction: 'DE' }],
    });
  });

  test('is read under dotted names, too', () => {
    const line = { 'event.category': 'data_access', 'event.action': 'order-viewed', 'event.id': 'b', 'user.name': 'mira', 'user.roles': 'editor', 'client.ip': '192.0.2.7', 'wordpress.session.hash': 'h', 'wordpress.data.records': '2', 'destination.domain': 'a.example' };
    expect(derived(line)?.act).toEqual({ ...EMPTY, actor: 'mira', role: 'editor', session: 'h', address: '192.0.2.7', category: 'data_access', action: 'order-viewed', how: 'list', target_kind: 'host', target: 'a.example', destination: 'a.example', records: 2, batch: 'b' });
  });

  test('is every event of a chain, whatever it holds', () => {
    expect(derived({})).toEqual({ act: EMPTY, subjects: [] });
    expect(derived({}, 'system')).toEqual({ act: EMPTY, subjects: [] });
    expect(derived({}, 'gateway')).toBeUndefined();
    expect(derived({}, 'ingress')).toBeUndefined();
    expect(deriveActOf('no json', 'plugin')).toBeUndefined();
  });

  test('of a plain line says whose data it holds, and nothing of who did it', () => {
    const claims = { user: { name: 'mira', roles: ['x'] }, wordpress: { session: { hash: 'h' }, key: { id: 'k' }, plugin: { slug: 'p' }, data: { records: 9 } }, subjects: [{ type: 'customer', token: BODO }], event: { category: 'web', action: 'get', id: 'b' }, source: { ip: '192.0.2.7' } };
    const line = { ...claims, url: { query: `a=${formatMask('pii.email', ANNA)}` } };
    expect(derived(line, 'gateway')).toEqual({ act: { ...EMPTY, category: 'web', action: 'get', address: '192.0.2.7', classes: ['pii.email'], records: 1, subjects: 1 }, subjects: [{ subject: ANNA, kind: 'pii.email', jurisdiction: '' }] });
    expect(derived(claims, 'gateway')).toBeUndefined();
  });

  test('a finding of our own is nobody\'s deed', () => {
    const finding = { event: { kind: 'alert', category: ['intrusion_detection'], action: 'correlation' }, 'user.name': 'mira', 'destination.domain': 'a.example' };
    expect(derived(finding, 'system')?.act).toMatchObject({ actor: '', target_kind: '', action: 'correlation' });
    expect(derived(finding, 'plugin')?.act).toMatchObject({ actor: 'mira', target: 'a.example' });
  });
});

describe('how data was touched', () => {
  test.each([
    ['data_access/order-viewed', {}, 'view'], ['data_access/order-list-viewed', {}, 'list'], ['data_access/order-viewed', { response: { subjects: 2 } }, 'list'], ['data_access/rest-read', {}, 'api'], ['data_access/ajax-read', {}, 'api'],
    ['data_access/order-viewed', { request: { kind: 'graphql' } }, 'api'], ['data_access/invoice-downloaded', {}, 'download'], ['data_export/orders-exported', {}, 'export'], ['data_export/backup-created', {}, 'backup'],
    ['data_export/backup-downloaded', {}, 'download'], ['ai/prompt-sent', {}, 'ai'], ['email/mail-sent', {}, 'mail'], ['outbound/sms-sent', {}, 'mail'], ['outbound/http-request', {}, 'outbound'], ['database/order-updated', {}, 'change'],
    ['database/table-read', {}, 'list'], ['payment/refund-created', {}, 'change'], ['iam/user-created', {}, 'change'], ['configuration/option-updated', {}, ''], ['authentication/user-login', {}, ''], ['file/file-uploaded', {}, ''],
  ])('%s %j: %s', (what, wordpress, how) => {
    expect(derived(event(what, { wordpress }))?.act.how).toBe(how);
  });

  test('a look behind a token is a view of the person; our other acts touch nobody', () => {
    const look = derived({ event: { category: ['iam'], action: 'token-revealed' }, tourniquet: { target: { kind: 'token', name: ANNA, site: 'shop' } } }, 'system');
    expect(look).toMatchObject({ act: { how: 'view', target_kind: 'token', target: `shop/${ANNA}`, subjects: 1 }, subjects: [{ subject: ANNA, kind: 'token' }] });
    expect(derived(event('database/event-redacted'), 'system')?.act.how).toBe('');
  });
});

describe('what a deed is done to', () => {
  test.each<[string, object, string, string]>([
    ['iam/user-role-changed', { user: { target: { name: 'till' } } }, 'user', 'till'],
    ['iam/application-password-created', { user: { target: { name: 'till' } } }, 'user', 'till'],
    ['iam/application-password-created', { user: { target: { name: 'till' } }, wordpress: { key: { id: 'k9' } } }, 'key', 'k9'],
    ['iam/role-capability-added', { wordpress: { role: { name: 'editor' } } }, 'role', 'editor'],
    ['configuration/plugin-installed', { wordpress: { plugin: { slug: 'gallery' } } }, 'plugin', 'gallery'],
    ['configuration/theme-updated', { wordpress: { theme: { slug: 'shop' } } }, 'theme', 'shop'],
    ['configuration/option-updated', { wordpress: { option: { name: 'default_role' }, plugin: { slug: 'x' } } }, 'option', 'default_role'],
    ['configuration/constant-changed', { wordpress: { constant: { name: 'WP_DEBUG' } } }, 'option', 'WP_DEBUG'],
    ['configuration/webhook-created', { destination: { domain: 'hook.example' } }, 'host', 'hook.example'],
    ['file/plugin-file-changed', { file: { path: 'a/b.php' }, wordpress: { plugin: { slug: 'x' } } }, 'file', 'a/b.php'],
    ['data_export/orders-exported', { woocommerce: { export: { format: 'csv' } } }, 'file', 'csv'],
    ['ai/prompt-sent', { destination: { domain: 'llm.example' }, woocommerce: { order: { id: 1 } } }, 'host', 'llm.example'],
    ['data_access/secret-read', { wordpress: { option: { name: 'stripe' }, plugin: { slug: 'x' } } }, 'option', 'stripe'],
    ['data_access/rest-read', { wordpress: { plugin: { slug: 'x' } } }, '', ''],
    ['database/x', { wordpress: { target: { kind: 'key', name: 'k2' } }, user: { target: { name: 'till' } } }, 'key', 'k2'],
    ['database/x', { wordpress: { target: { kind: 'planet', name: 'k2' } } }, '', ''],
  ])('%s %j: %s %s', (what, more, kind, target) => {
    expect(derived(event(what, more))?.act).toMatchObject({ target_kind: kind, target });
  });

  test('the key that was made is not the key that acted', () => {
    expect(derived(event('iam/api-key-created', { wordpress: { key: { id: 'k9' } } }))?.act.key).toBe('');
    expect(derived(event('data_access/rest-read', { wordpress: { key: { id: 'k9' } } }))?.act.key).toBe('k9');
  });
});

describe('records', () => {
  test.each<[object, number]>([
    [{ wordpress: { data: { records: 5 } }, woocommerce: { export: { rows: 4_213 } } }, 5], [{ woocommerce: { export: { rows: 4_213 }, list: { count: 20 } } }, 4_213], [{ woocommerce: { list: { count: 20 } } }, 20],
    [{ wordpress: { query: { rows: 7 } } }, 7], [{ wordpress: { response: { subjects: '8' } } }, 8], [{ wordpress: { data: { records: -1 } } }, 0], [{ wordpress: { data: { records: 1e300 } } }, Number.MAX_SAFE_INTEGER],
    [{ subjects: [{ token: ANNA }, { token: BODO }], wordpress: { data: { records: 1 } } }, 2],
  ])('%j: %d', (more, records) => {
    expect(derived(event('data_export/orders-exported', more))?.act.records).toBe(records);
  });
});

describe('subjects', () => {
  test('each once, those named before those of masks', () => {
    const line = { subjects: [{ type: 'patient', token: ANNA }, { type: 'customer', token: ANNA }], message: `${formatMask('pii.email', ANNA)} ${formatMask('pii.phone', BODO)}` };
    expect(derived(line)?.subjects).toEqual([{ subject: ANNA, kind: 'patient', jurisdiction: '' }, { subject: BODO, kind: 'pii.phone', jurisdiction: '' }]);
  });

  test.each<[string, unknown]>([
    ['a token of another spelling', [{ token: ANNA.toUpperCase() }]], ['a token too long', [{ token: `${ANNA}a` }]], ['a number', 7], ['a text', ANNA], ['texts', [ANNA]], ['null', null], ['lists of lists', [[{ token: ANNA }]]], ['no token', [{ type: 'customer' }]],
  ])('%s: none', (_what, subjects) => {
    expect(derived({ subjects })?.subjects).toEqual([]);
  });

  test('one alone, its kind and country only as they are spelled', () => {
    expect(derived({ subjects: { token: ANNA, type: 'Mr. X', jurisdiction: 'de' } })?.subjects).toEqual([{ subject: ANNA, kind: '', jurisdiction: '' }]);
  });

  test.each([['pii.birth_date'], ['phi.diagnosis'], ['pci.pan'], ['secret.api_key'], ['piinful.email']])('the mask %s stands for nobody, and is a class of the data', (dataClass) => {
    expect(derived({ message: formatMask(dataClass, ANNA) })).toMatchObject({ act: { classes: [dataClass], subjects: 0 }, subjects: [] });
    expect(derived({ message: formatMask(dataClass, ANNA) }, 'gateway')).toBeUndefined();
  });

  test('a thousand at most', () => {
    const letters = (n: number): string => n.toString(16).padStart(24, '0').replaceAll(/[0-9a-f]/g, (digit) => String.fromCharCode(97 + Number.parseInt(digit, 16)));
    const many = Array.from({ length: 1_200 }, (_, n) => ({ type: 'customer', token: letters(n) }));
    expect(derived({ subjects: many })?.subjects).toHaveLength(1_000);
  });
});

test('what a summary of a text names is a class of the data, attacks are not', () => {
  const summary = formatSummary({ length: 90, classes: ['attack.sqli', 'phi.diagnosis', 'pii.us_ssn'], shingles: [] });
  expect(derived(event('ai/prompt-sent', { ai: { prompt: summary }, wordpress: { data: { classes: 'pii.name' } } }))?.act.classes).toEqual(['phi.diagnosis', 'pii.name', 'pii.us_ssn']);
  expect(derived({ ai: { prompt: summary } }, 'gateway')).toBeUndefined();
});

test('texts and lists are cut, and hold nothing that cannot be stored', () => {
  const { act } = derived({ user: { name: `${'x'.repeat(255)}\u{1f600}` }, wordpress: { session: { hash: '\ud800' }, data: { fields: Array.from({ length: 300 }, (_, i) => `f${i}`), classes: ['Not A Class', 'pii.name', 7, null, ''] } } }) ?? { act: EMPTY };
  expect(act.actor).toBe(`${'x'.repeat(255)}\ufffd`);
  expect(act.session).toBe('\ufffd');
  expect(act.fields).toHaveLength(64);
  expect(act.classes).toEqual(['pii.name']);
});

const NAMES = ['event', 'user', 'name', 'roles', 'source', 'ip', 'wordpress', 'session', 'hash', 'key', 'id', 'data', 'classes', 'fields', 'records', 'subjects', 'token', 'type', 'jurisdiction', 'target', 'kind', 'tourniquet', 'category', 'action', '__proto__', 'constructor', 'toString', 'wordpress.session.hash', 'event.category', 'destination', 'domain', 'woocommerce', 'export', 'rows', 'order'];
const VALUES: readonly unknown[] = ['', 'a', ANNA, 'plugin', '\ud800', 0, -1, 1e300, true, null, 'data_access', 'outbound', 'token', formatMask('pii.email', BODO), formatMask('secret.x', ANNA), 'x'.repeat(400), ['a', 7], [{}], { token: ANNA }];

function isBounded(column: unknown): boolean {
  if (typeof column === 'string') return column.length <= 256 && column.isWellFormed();
  if (typeof column === 'number') return Number.isSafeInteger(column) && column >= 0;
  return Array.isArray(column) && column.length <= 100 && column.every((one, i) => typeof one === 'string' && one.length <= 256 && (i === 0 || one > column[i - 1]));
}

test(`hostile events give short columns and at most a thousand tokens, for 3,000 of them, seed ${SEED}`, () => {
  const random = seededRandom(SEED);
  const value = (depth: number): unknown => {
    if (depth > 4 || random.chance(0.5)) return random.pick(VALUES);
    if (random.chance(0.2)) return Array.from({ length: random.below(4) }, () => value(depth + 1));
    return Object.fromEntries(Array.from({ length: random.below(9) }, () => [random.pick(NAMES), value(depth + 1)]));
  };
  let named = 0;
  for (let i = 0; i < 3_000; i++) {
    const line = JSON.stringify(Object.fromEntries(Array.from({ length: 1 + random.below(9) }, () => [random.pick(NAMES), value(0)])));
    const provenance = random.pick(['plugin', 'gateway', 'ingress', 'system'] as const);
    const one = deriveActOf(line, provenance);
    if (one === undefined) continue;
    const wrong = Object.entries(one.act).filter(([, column]) => !isBounded(column));
    const nobody = one.subjects.filter(({ subject, kind }) => !/^[a-p]{24}$/.test(subject) || !/^[a-z0-9_.-]*$/.test(kind));
    const claimed = provenance === 'gateway' || provenance === 'ingress' ? [one.act.actor, one.act.session, one.act.key, one.act.role, one.act.plugin].join('') : '';
    expect({ line, wrong, nobody, claimed, subjects: one.act.subjects }).toEqual({ line, wrong: [], nobody: [], claimed: '', subjects: one.subjects.length });
    named += one.subjects.length;
  }
  expect(named).toBeGreaterThan(100);
});
