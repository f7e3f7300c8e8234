import { describe, expect, test } from 'vitest';
import type { ScopeReport, ScopeRequest } from '../../contracts/scope.ts';
import { computeScope } from './compute-scope.ts';
import { entityKey } from './entity.ts';
import { createMemoryStore } from './memory-store.ts';
import type { MemoryTrail } from './memory-store.ts';
import { scopeText } from './scope-text.ts';
import { MINUTE, personOf, trailOf } from './test-trail.ts';
import type { ToldDeed } from './test-trail.ts';

const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 10, 10);
/** The window begins on the third day: what comes before is habit. */
const FROM = START + 2 * DAY;
const TO = START + 10 * DAY;

function ask(told: readonly ToldDeed[], seed: ScopeRequest['seed'], more: Partial<ScopeRequest> = {}, trail: Partial<MemoryTrail> = {}): Promise<ScopeReport> {
  const store = createMemoryStore({ ...trailOf('shop', START, told), ...trail });
  return computeScope(store, { site: 'shop', seed, fromMs: FROM, toMs: TO, leastConfidence: 0.5, ...more });
}

/** Names of persons the report holds. */
function people({ subjects }: ScopeReport): string {
  return subjects.map(({ subject }) => subject.replace(/p+$/, '')).join('');
}

function followed({ links }: ScopeReport): readonly string[] {
  return links.filter((link) => link.followed).map(({ to }) => entityKey(to).replaceAll('\n', ' ')).toSorted();
}

const view = (at: number, person: string, who: Partial<ToldDeed>): ToldDeed => ({ at, how: 'view', people: [person], role: 'shop_manager', ...who });
const thief = { actor: 'anna', session: 'stolen', address: '2001:db8::bad', agent: 'odd' };
const anna = { actor: 'anna', session: 'own', address: '192.0.2.1', agent: 'usual' };
const bert = { actor: 'bert', session: 'berts', address: '192.0.2.1', agent: 'usual' };
const HABITS: readonly ToldDeed[] = [view(0, 'x', { ...anna, session: 'before' }), view(HOUR, 'y', { ...bert, session: 'before-b' })];

test('a prompt that was refused before it left touched nobody; one that failed on its way did', async () => {
  const prompt = (at: number, person: string): ToldDeed => ({ at, ...thief, category: 'ai', action: 'prompt-sent', how: 'ai', outcome: 'failure', destination: 'api.ai.example', classes: ['pii.email'], people: [person], records: 2 });
  const report = await ask([...HABITS, prompt(3 * DAY, 'a'), prompt(3 * DAY + HOUR, 'b')], { kind: 'session', value: 'stolen' }, {}, { refused: new Set([2]) });
  expect([people(report), report.deeds.map(({ leaf, outcome }) => [leaf, outcome])]).toEqual(['b', [[2, 'refused'], [3, 'failure']]]);
  expect([report.classes, report.unnamedRecords]).toEqual([[{ name: 'pii.email', deeds: 1, subjects: 1, records: 2 }], 1]);
});

test('a read is not hidden by an outcome of the sender\'s own words', async () => {
  const told = ['refused', 'denied', '', 'failure'].map((outcome, i) => view(3 * DAY + i * MINUTE, 'abcd'[i] ?? '', { ...thief, outcome }));
  expect(people(await ask([...HABITS, ...told], { kind: 'session', value: 'stolen' }))).toBe('abc');
});

describe('a stolen session', () => {
  test('is followed, its owner is not; the account of an owner is another question', async () => {
    const told = [...HABITS, view(3 * DAY, 'a', thief), view(3 * DAY + HOUR, 'z', anna)];
    expect(people(await ask(told, { kind: 'session', value: 'stolen' }))).toBe('a');
    expect(people(await ask(told, { kind: 'actor', value: 'anna' }))).toBe('az');
  });

  test('leads to what else the thief did from the same address, and from another by the same program', async () => {
    const told = [
      ...HABITS, view(3 * DAY, 'a', thief), view(3 * DAY + HOUR, 'b', { ...thief, session: 'next' }), view(4 * DAY, 'c', { ...thief, session: 'later', address: '2001:db8::b0d' }),
      view(4 * DAY, 'd', { ...thief, actor: 'bert', session: 'other' }),
    ];
    const report = await ask(told, { kind: 'session', value: 'stolen' });
    expect(people(report)).toBe('abcd');
    expect(report.links.find(({ to }) => to.value === 'later')).toMatchObject({ reason: 'session-alike', followed: true });
  });

  test('that its owner uses in the same time counts only where the copy is used', async () => {
    const told = [...HABITS, view(3 * DAY, 'x', anna), view(3 * DAY + HOUR, 'a', { ...thief, session: 'own' }), view(3 * DAY + 2 * HOUR, 'y', anna)];
    for (const seed of [{ kind: 'session', value: 'own' }, { kind: 'address', value: thief.address }] as const) {
      const report = await ask(told, seed);
      expect([seed.kind, people(report)]).toEqual([seed.kind, 'a']);
      expect(followed(report)).toContain(`session own ${thief.address}`);
    }
  });

  test('of an owner who wanders between networks with one program is one session', async () => {
    const told = [...HABITS, view(3 * DAY, 'a', anna), view(3 * DAY + HOUR, 'b', { ...anna, address: '198.51.100.7' }), view(3 * DAY + 2 * HOUR, 'c', anna)];
    expect(people(await ask(told, { kind: 'session', value: 'own' }))).toBe('abc');
  });

  test('goes on where it is refreshed, forwards and backwards', async () => {
    const told = [1, 2, 3].map((n) => view(3 * DAY + n * 10 * MINUTE, 'abc'[n - 1] ?? '', { ...thief, session: `s${n}` }));
    for (const n of [1, 2, 3]) expect(people(await ask(told, { kind: 'session', value: `s${n}` }))).toBe('abc');
  });
});

describe('an address', () => {
  test('that others used before leads to nobody', async () => {
    const told = [...HABITS, view(3 * DAY, 'a', { ...anna, session: 'insider' }), view(3 * DAY, 'b', bert)];
    const report = await ask(told, { kind: 'session', value: 'insider' });
    expect(people(report)).toBe('a');
    expect(report.links.find(({ to }) => to.kind === 'address')).toMatchObject({ followed: false, doubt: 'one other account used this address before' });
  });

  test('counts from the first tie on, and not before', async () => {
    const told = [view(2 * DAY + MINUTE, 'x', { actor: '', address: thief.address }), view(3 * DAY, 'a', thief), view(3 * DAY + HOUR, 'b', { actor: '', address: thief.address })];
    expect(people(await ask(told, { kind: 'session', value: 'stolen' }))).toBe('ab');
  });

  test('that many share leads only to who does what visitors do not', async () => {
    const shared = '198.19.255.1';
    const visitors = Array.from({ length: 6 }, (_, i) => view(3 * DAY + i * MINUTE, 'x', { actor: `customer${i}`, session: `c${i}`, address: shared, agent: `phone${i}`, role: 'customer' }));
    const report = await ask([...HABITS, ...visitors, view(3 * DAY, 'a', { ...thief, address: shared })], { kind: 'address', value: shared });
    expect(people(report)).toBe('a');
    expect(report.links.filter((link) => link.to.kind === 'session' && !link.followed)).toHaveLength(6);
  });
});

describe('what a breach makes', () => {
  const iam = (action: string, kind: 'user' | 'key', target: string): ToldDeed => ({ at: 3 * DAY + MINUTE, ...thief, category: 'iam', action, target_kind: kind, target });

  test('an account belongs from then on, wherever it is used', async () => {
    const rogue = { actor: 'rogue', session: 'r', address: '203.0.113.9' };
    const report = await ask([view(2 * DAY + HOUR, 'x', rogue), view(3 * DAY, 'a', thief), iam('administrator-created', 'user', 'rogue'), view(4 * DAY, 'b', { ...rogue, session: 'r2' })], { kind: 'session', value: 'stolen' });
    expect(people(report)).toBe('ab');
    expect(report.takenOver).toEqual({ sinceMs: START + 3 * DAY + MINUTE, leaf: 2, why: 'an administrator was created' });
  });

  test('a failed attempt makes nothing', async () => {
    const report = await ask([view(3 * DAY, 'a', thief), { ...iam('administrator-created', 'user', 'rogue'), outcome: 'failure' }, view(4 * DAY, 'b', { actor: 'rogue', session: 'r', address: '203.0.113.9' })], { kind: 'session', value: 'stolen' });
    expect([people(report), report.takenOver]).toEqual(['a', undefined]);
  });

  test('a key belongs by its name; one that is not named, when it is the new one of the account', async () => {
    const used = view(5 * DAY, 'b', { actor: 'anna', key: 'k', address: '203.0.113.9', how: 'api' });
    expect(people(await ask([...HABITS, view(3 * DAY, 'a', thief), iam('application-password-created', 'key', 'k'), used], { kind: 'session', value: 'stolen' }))).toBe('ab');
    expect(people(await ask([...HABITS, view(3 * DAY, 'a', thief), iam('application-password-created', 'user', 'anna'), used], { kind: 'session', value: 'stolen' }))).toBe('ab');
    const known = view(0, 'y', { actor: 'anna', key: 'k', address: '203.0.113.9', how: 'api' });
    expect(people(await ask([...HABITS, known, view(3 * DAY, 'a', thief), iam('application-password-created', 'user', 'anna'), used], { kind: 'session', value: 'stolen' }))).toBe('a');
  });

  test('an account that was in use before is only shown, one that slept is followed', async () => {
    const other = { actor: 'cleo', session: 'c', address: '203.0.113.9' };
    const told = [view(3 * DAY, 'a', thief), iam('password-changed', 'user', 'cleo'), view(4 * DAY, 'b', other)];
    expect(people(await ask(told, { kind: 'session', value: 'stolen' }))).toBe('ab');
    const inUse = await ask([view(0, 'x', { ...other, session: 'older' }), ...told], { kind: 'session', value: 'stolen' });
    expect(people(inUse)).toBe('a');
    expect(inUse.links.find(({ to }) => to.value === 'cleo')).toMatchObject({ reason: 'account-changed-by', followed: false });
  });

  test('a plugin it installed acts for it in cron; one that was there before does not, and whoever removes it is no thief', async () => {
    const send = (at: number, plugin: string, person: string): ToldDeed => ({ at, plugin, category: 'outbound', action: 'http-request', how: 'outbound', destination: 'x.example', people: [person] });
    const install = (at: number, who: Partial<ToldDeed>, action: string): ToldDeed => ({ at, ...who, plugin: 'evil', category: 'configuration', action, target_kind: 'plugin', target: 'evil' });
    const told = [...HABITS, send(HOUR, 'mailer', 'x'), install(3 * DAY, thief, 'plugin-installed'), send(4 * DAY, 'evil', 'a'), send(4 * DAY, 'mailer', 'y'), install(5 * DAY, anna, 'plugin-deactivated'), view(5 * DAY, 'z', anna)];
    expect(people(await ask(told, { kind: 'session', value: 'stolen' }))).toBe('a');
  });

  test('a host it had data sent to belongs, unless data went there before', async () => {
    const send = (at: number, destination: string, person: string): ToldDeed => ({ at, plugin: 'woocommerce', category: 'outbound', action: 'http-request', how: 'outbound', destination, people: [person] });
    const hook = (destination: string): ToldDeed => ({ at: 3 * DAY, ...thief, category: 'configuration', action: 'webhook-created', target_kind: 'host', target: destination, destination });
    const told = [send(HOUR, 'known.example', 'x'), hook('new.example'), hook('known.example'), send(4 * DAY, 'new.example', 'a'), send(4 * DAY, 'known.example', 'y')];
    expect(people(await ask(told, { kind: 'session', value: 'stolen' }))).toBe('a');
  });
});

test('pages that the server gave to an address of the breach are a gap, from its first tie on', async () => {
  const requests = [{ address: thief.address, atMs: FROM + HOUR, bytes: 9 }, { address: thief.address, atMs: START + 3 * DAY + HOUR, bytes: 2_000 }, { address: anna.address, atMs: START + 4 * DAY, bytes: 5 }];
  const { gaps } = await ask([...HABITS, view(3 * DAY, 'a', thief), view(4 * DAY, 'z', anna)], { kind: 'session', value: 'stolen' }, {}, { requests });
  expect(gaps.map(({ kind, count, fromMs }) => [kind, count, fromMs])).toEqual([['plain-requests', 1, START + 3 * DAY + HOUR]]);
});

describe('a question', () => {
  const told = [...HABITS, view(3 * DAY, 'a', thief), view(3 * DAY + HOUR, 'b', { ...thief, session: 'next' })];

  test('by an alert is one about who raised it', async () => {
    expect(people(await ask(told, { kind: 'alert', value: 'alert_x' }, {}, { alerts: new Map([['alert_x', [2]]]) }))).toBe('ab');
    await expect(ask(told, { kind: 'alert', value: 'alert_y' })).rejects.toMatchObject({ kind: 'no-such-alert' });
  });

  test('by an alert about nobody leads from the address to who then logged in there', async () => {
    const attack: ToldDeed = { at: 3 * DAY - HOUR, address: thief.address, agent: 'odd', category: 'http', action: 'http_request', outcome: 'success' };
    const guesses: readonly ToldDeed[] = ['anna', 'bert', 'cleo'].map((actor, i) => ({ at: 3 * DAY - 2 * HOUR + i, actor, address: thief.address, agent: 'odd', category: 'authentication', action: 'login-failed', outcome: 'failure' }));
    const report = await ask([...HABITS, attack, ...guesses, ...told.slice(2)], { kind: 'alert', value: 'alert_x' }, {}, { alerts: new Map([['alert_x', [2]], ['alert_z', [3, 4, 5]]]) });
    expect(people(report)).toBe('ab');
    const byGuesses = await ask([...HABITS, attack, ...guesses, ...told.slice(2)], { kind: 'alert', value: 'alert_z' }, {}, { alerts: new Map([['alert_z', [3, 4, 5]]]) });
    expect([people(byGuesses), followed(byGuesses).filter((name) => name.startsWith('actor')).length]).toEqual(['ab', 0]);
  });

  test('may clear somebody, or trust a reason less', async () => {
    const seed = { kind: 'session', value: 'stolen' } as const;
    expect(people(await ask(told, seed, { innocent: [{ kind: 'session', value: 'next' }] }))).toBe('a');
    expect(people(await ask(told, seed, { confidences: { 'session-at-address': 0.2, 'session-alike': 0.2, 'address-of-session': 0.2 } }))).toBe('a');
    expect(people(await ask(told, seed, { leastConfidence: 0.99 }))).toBe('a');
  });

  test('about a site that told nothing has no answer', async () => {
    await expect(ask([], { kind: 'actor', value: 'anna' })).rejects.toMatchObject({ kind: 'no-such-site' });
  });

  test('about nobody gives an empty report', async () => {
    const report = await ask(told, { kind: 'actor', value: 'nobody' });
    expect([report.deeds, report.subjects, report.firstMs, report.links.length]).toEqual([[], [], 0, 1]);
  });

  test('looks at its window alone, by the time of the event, however late it came', async () => {
    const late = [view(3 * DAY, 'a', { ...thief, lateMs: 9 * DAY }), view(DAY, 'x', { ...thief, lateMs: 2 * DAY }), view(40 * DAY, 'b', { ...thief, lateMs: -36 * DAY })];
    expect(people(await ask(late, { kind: 'session', value: 'stolen' }))).toBe('ab');
  });
});

describe('the report', () => {
  const told: readonly ToldDeed[] = [
    { ...thief, at: 3 * DAY, how: 'list', people: ['a', 'b'], classes: ['pii.email'], fields: ['email'], records: 20 },
    { ...thief, at: 3 * DAY + HOUR, how: 'export', people: ['b'], classes: ['pii.email', 'pii.phone'], category: 'data_export', action: 'orders-exported' },
    { ...thief, at: 3 * DAY + 2 * HOUR, how: 'ai', people: ['c'], outcome: 'failure', category: 'ai', action: 'prompt-sent', destination: 'ai.example', plugin: 'helper', classes: ['phi.lab'] },
    { ...thief, at: 3 * DAY + 3 * HOUR, how: 'view', people: ['d'], outcome: 'failure' },
  ];

  test('counts by person what was read, exported and sent; a read that failed touched nobody, what was sent did', async () => {
    const { subjects, unnamedRecords, classes, destinations, deeds } = await ask(told, { kind: 'session', value: 'stolen' });
    expect(subjects.map(({ subject, read, exported, sentOut, classes: of, evidence }) => [subject, read, exported, sentOut, of, evidence])).toEqual([
      [personOf('a'), 1, 0, 0, ['pii.email'], [0]], [personOf('b'), 1, 1, 0, ['pii.email', 'pii.phone'], [0, 1]], [personOf('c'), 0, 0, 1, ['phi.lab'], [2]],
    ]);
    expect(classes).toEqual([{ name: 'phi.lab', deeds: 1, subjects: 1, records: 1 }, { name: 'pii.email', deeds: 2, subjects: 2, records: 21 }, { name: 'pii.phone', deeds: 1, subjects: 1, records: 1 }]);
    expect(destinations).toEqual([{ name: 'ai.example', deeds: 1, subjects: 1, records: 1 }]);
    expect([unnamedRecords, deeds.length]).toEqual([18, 4]);
  });

  test('has every deed by something that is followed, and every person by a deed', async () => {
    const report = await ask(told, { kind: 'address', value: thief.address });
    const names = new Set(followed(report));
    expect(report.deeds.length).toBe(4);
    for (const { by } of report.deeds) expect(names).toContain(entityKey(by).replaceAll('\n', ' '));
    const leaves = new Set(report.deeds.map(({ leaf }) => leaf));
    for (const { evidence } of report.subjects) expect(evidence.every((leaf) => leaves.has(leaf))).toBe(true);
  });

  test('does not depend on the order in which the store answers', async () => {
    const trail = trailOf('shop', START, [...HABITS, ...told, view(4 * DAY, 'e', { ...thief, session: 'more' })]);
    const request: ScopeRequest = { site: 'shop', seed: { kind: 'session', value: 'stolen' }, fromMs: FROM, toMs: TO, leastConfidence: 0.5 };
    const turned = { ...trail, acts: trail.acts.toReversed() };
    expect(JSON.stringify(await computeScope(createMemoryStore(turned), request))).toBe(JSON.stringify(await computeScope(createMemoryStore(trail), request)));
  });

  test('reads as text, whatever names an attacker chose', async () => {
    const evil = 'x\u001b[2J\n\u202e\u0000';
    const text = scopeText(await ask([view(3 * DAY, 'a', { ...thief, actor: evil, session: evil, classes: [evil] })], { kind: 'session', value: evil }));
    // eslint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    expect(text).toContain('Persons touched: 1 (read 1, changed 0, exported 0, sent out 0)');
  });
});
