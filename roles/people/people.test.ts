import { fastify } from 'fastify';
import { describe, expect, test } from 'vitest';
import { createLogDisk, openMemoryLog } from '../../contracts/memory-log.ts';
import type { Act } from '../../contracts/trail.ts';
import { ConsoleError } from '../../storage/console/errors.ts';
import type { Permission } from '../../storage/console/people.ts';
import { may, PERSON_ROLES } from '../../storage/console/people.ts';
import { createAdmission } from './admission.ts';
import { peopleAdmin, PersonError } from './people-admin.ts';
import { openPeopleRegister } from './people-register.ts';
import { holds, newToken, parseToken } from './person-token.ts';

const BY = { name: 'root' };

async function setUp(attemptsPerMinute = 3) {
  const log = openMemoryLog(createLogDisk(1));
  const acts: Act[] = [];
  const order: string[] = [];
  const trail = {
    async write(act: Act) {
      acts.push(act);
      order.push(`trail ${act.action}`);
    },
  };
  const registry = { ...log.registry, append: (key: string, value: string) => (order.push(`registry ${key}`), log.registry.append(key, value)) };
  let nowMs = 1_000_000;
  const people = await openPeopleRegister(log.registry);
  const admit = createAdmission({ people, trail, attemptsPerMinute, now: () => nowMs });
  const app = fastify();
  app.route({
    method: 'GET', url: '/:permission',
    // The test names permissions only.
    handler: async (request) => await admit(request, (request.params as { permission: Permission }).permission),
    errorHandler: (error, _request, reply) => reply.code(error instanceof ConsoleError ? error.status : 500).send(error instanceof ConsoleError ? error.code : String(error)),
  });
  const ask = async (permission: string, authorization?: string, remoteAddress = '192.0.2.7') => (await app.inject({ url: `/${permission}`, remoteAddress, headers: authorization === undefined ? {} : { authorization } }));
  return { log, acts, order, admin: peopleAdmin(registry, trail, () => nowMs), ask, pass: (ms: number) => (nowMs += ms) };
}

test('a token is read back, and holds for its own hash only', async () => {
  const [a, b] = await Promise.all([newToken('anna'), newToken('anna')]);
  const parsed = parseToken(a.token);
  expect(parsed?.name).toBe('anna');
  expect([await holds(parsed?.secret ?? '', a.hash), await holds(parsed?.secret ?? '', b.hash), await holds(parsed?.secret ?? '', undefined)]).toEqual([true, false, false]);
  expect(a.hash).toMatchObject({ kdf: 'scrypt', n: 16_384, r: 8, p: 1 });
});

test.each(['', 'tqp~~x', `tqp~anna~${'a'.repeat(42)}`, `tqp~Anna~${'a'.repeat(43)}`, `tqp~../x~${'a'.repeat(43)}`, `anna~${'a'.repeat(43)}`, `tqp~anna~${'a'.repeat(43)}~`])('%j is no token', (text) => {
  expect(parseToken(text)).toBeUndefined();
});

test('each role may what those before it may, and people are the admins\' alone', () => {
  const all: readonly Permission[] = ['query', 'identifiers', 'scope', 'bundle', 'people'];
  expect(PERSON_ROLES.map((role) => all.filter((permission) => may(role, permission)))).toEqual([['query'], ['query', 'identifiers', 'scope', 'bundle'], all]);
});

describe('people', () => {
  test('only hashes are stored, and each change is on the trail before it counts', async () => {
    const { log, order, acts, admin } = await setUp();
    const token = await admin.add('anna', 'analyst', BY);
    await admin.rotate('anna', 'compliance', BY);
    await admin.remove('anna', BY);
    const stored = (await log.registry.read(0, 100)).map((entry) => entry.value).join('\n');
    expect(stored).not.toContain(parseToken(token)?.secret ?? token);
    expect(order).toEqual(['trail person-added', 'registry person/anna', 'trail person-token-rotated', 'registry person/anna', 'trail person-removed', 'registry person/anna']);
    expect(acts).toMatchObject([{ target: { kind: 'user', name: 'anna' }, actor: BY, about: { role: 'analyst' } }, { about: { role: 'compliance', role_before: 'analyst' } }, {}]);
    expect(JSON.stringify(acts)).not.toContain(parseToken(token)?.secret ?? token);
  });

  test('are added once, by a name that can be one, and only who is there is changed', async () => {
    const { admin } = await setUp();
    await admin.add('anna', 'analyst', BY);
    await expect(admin.add('anna', 'admin', BY)).rejects.toThrow(PersonError);
    await expect(admin.add('Anna B', 'admin', BY)).rejects.toThrow('a person\'s name must be');
    await expect(admin.rotate('boris', undefined, BY)).rejects.toThrow('there is no such person');
    await expect(admin.remove('boris', BY)).rejects.toThrow('there is no such person');
    expect((await admin.list()).map(({ name, role }) => [name, role])).toEqual([['anna', 'analyst']]);
  });
});

describe('admission', () => {
  test('a token admits its person, from their address, as far as their role goes', async () => {
    const { admin, ask, acts } = await setUp();
    const token = await admin.add('anna', 'analyst', BY);
    expect((await ask('query', `Bearer ${token}`)).json()).toEqual({ name: 'anna', role: 'analyst', address: '192.0.2.7' });
    expect((await ask('scope', `Bearer ${token}`)).body).toBe('TQ-CONSOLE-02');
    expect(acts.at(-1)).toMatchObject({ action: 'permission-refused', outcome: 'failure', actor: { name: 'anna', address: '192.0.2.7' }, about: { permission: 'scope' } });
  });

  test('another token of the person ends the one before, and removal ends all, at once', async () => {
    const { admin, ask } = await setUp(100);
    const first = await admin.add('anna', 'analyst', BY);
    expect((await ask('query', `Bearer ${first}`)).statusCode).toBe(200);
    const second = await admin.rotate('anna', undefined, BY);
    expect([(await ask('query', `Bearer ${first}`)).statusCode, (await ask('query', `Bearer ${second}`)).statusCode]).toEqual([401, 200]);
    await admin.remove('anna', BY);
    expect((await ask('query', `Bearer ${second}`)).statusCode).toBe(401);
  });

  test('nothing, another scheme and what is no token are refused without a derivation, and leave nothing on the trail', async () => {
    const { ask, acts } = await setUp();
    for (const authorization of [undefined, 'Basic x', 'Bearer x', `Bearer ${'x'.repeat(300)}`, 'Bearer']) expect((await ask('query', authorization)).body).toBe('TQ-CONSOLE-01');
    expect(acts).toEqual([]);
  });

  test('wrong tokens are on the trail with the name they claimed, and after some the address waits a minute; others do not', async () => {
    const { admin, ask, acts, pass } = await setUp(3);
    const token = await admin.add('anna', 'analyst', BY);
    const boris = await admin.add('boris', 'analyst', BY);
    expect((await ask('query', `Bearer ${boris}`)).statusCode).toBe(200);
    const wrong = `Bearer tqp~anna~${'A'.repeat(43)}`;
    const nobody = `Bearer tqp~nobody~${'A'.repeat(43)}`;
    expect([(await ask('query', wrong)).body, (await ask('query', nobody)).body, (await ask('query', wrong)).body]).toEqual(['TQ-CONSOLE-01', 'TQ-CONSOLE-01', 'TQ-CONSOLE-01']);
    expect(acts.slice(2)).toMatchObject([{ action: 'token-refused', actor: { name: 'anna' } }, { actor: { name: 'nobody' } }, { actor: { name: 'anna' } }]);
    expect((await ask('query', `Bearer ${token}`)).body).toBe('TQ-CONSOLE-03');
    expect((await ask('query', `Bearer ${token}`, '192.0.2.8')).statusCode).toBe(200);
    // Who was let in before shares the address with whoever guesses, behind one proxy.
    expect((await ask('query', `Bearer ${boris}`)).statusCode).toBe(200);
    pass(60_000);
    expect((await ask('query', `Bearer ${token}`)).statusCode).toBe(200);
  });

  test('a flood does not fill the trail: what is left out is counted in the next', async () => {
    const { ask, acts, pass } = await setUp(1_000);
    for (let i = 0; i < 40; i++) await ask('query', `Bearer tqp~nobody~${'A'.repeat(43)}`, `192.0.2.${i}`);
    expect(acts).toHaveLength(30);
    pass(60_000);
    await ask('query', `Bearer tqp~nobody~${'A'.repeat(43)}`);
    expect(acts.at(-1)?.about).toEqual({ not_recorded: 10 });
  });
});
