import { describe, expect, test } from 'vitest';
import { ed25519PrivateKey, ed25519PublicKey, rawPublicKey } from '../../contracts/block.ts';
import { commandHolds, parseSignedCommand, refusalOf } from '../../contracts/command.ts';
import type { SignedCommand } from '../../contracts/command.ts';
import { seededRandom } from '../../contracts/seeded-random.ts';
import type { Act } from '../../contracts/trail.ts';
import { RespondError } from '../errors.ts';
import { issueCommand, MOST_AN_HOUR } from './issue-command.ts';
import type { Wish } from './issue-command.ts';

const NOW = 1_792_000_000_000;
const privateKey = ed25519PrivateKey(Buffer.alloc(32, 6));
const key = rawPublicKey(privateKey).toString('base64url');

const WISH: Wish = { site: 'shop', action: 'block-host', target: 'telemetry.example', mode: 'dry-run', reason: 'sends orders away', lastsS: 3600, waitsMs: 60_000, undoes: 0 };

function desk() {
  const register = new Map<number, SignedCommand>();
  const acts: Act[] = [];
  let nowMs = NOW;
  const deps = {
    issued: async () => [...register.values()],
    claim: async (command: SignedCommand) => {
      if (register.has(command.counter)) return false;
      register.set(command.counter, command);
      return true;
    },
    note: async (act: Act) => void acts.push(act),
    key, privateKey, nowMs: () => nowMs,
  };
  return { deps, register, acts, later: (ms: number) => void (nowMs += ms) };
}

describe('issuing', () => {
  test('signs what the site will take, with counters that rise, each on the trail before', async () => {
    const d = desk();
    const [first, second] = [await issueCommand(d.deps, WISH), await issueCommand(d.deps, { ...WISH, action: 'undo', target: '', mode: 'enforce', lastsS: 0, undoes: 1 })];
    expect([first.counter, second.counter, first.expires_at - first.issued_at]).toEqual([1, 2, 60_000]);
    const reader = { site: 'shop', key, publicKey: ed25519PublicKey(key), nowMs: NOW };
    expect([refusalOf(first, { ...reader, highestCounter: 0 }), refusalOf(second, { ...reader, highestCounter: 1 })]).toEqual([undefined, undefined]);
    expect(d.acts.map(({ action, reason, outcome, about }) => [action, reason, outcome, about?.['containment']])).toEqual([
      ['containment-ordered', WISH.reason, 'unknown', { counter: 1, action: 'block-host', target: 'telemetry.example', mode: 'dry-run', lasts_s: 3600, undoes: 0 }],
      ['containment-ordered', WISH.reason, 'unknown', { counter: 2, action: 'undo', target: '', mode: 'enforce', lasts_s: 0, undoes: 1 }],
    ]);
  });

  test('two at once get two counters', async () => {
    const d = desk();
    const commands = await Promise.all(Array.from({ length: 8 }, () => issueCommand(d.deps, WISH)));
    expect(commands.map(({ counter }) => counter).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(commands.every((command) => commandHolds(command, ed25519PublicKey(key)))).toBe(true);
  });

  test('two who add to a policy at once both stand in the last one', async () => {
    const d = desk();
    const adding = (part: string) => issueCommand(d.deps, (issued) => ({ ...WISH, action: 'set-policy', target: `${issued.at(-1)?.target ?? ''}${part}`, mode: 'enforce', lastsS: 0 }));
    await Promise.all([adding('a'), adding('b')]);
    expect([...(d.register.get(2)?.target ?? '')].toSorted()).toEqual(['a', 'b']);
  });

  test.each(['note', 'claim'] as const)('what fails at %s leaves no command that the trail does not know, and can be asked for again', async (step) => {
    const d = desk();
    const failing = { ...d.deps, [step]: () => Promise.reject(new Error('gone')) };
    await expect(issueCommand(failing, WISH)).rejects.toThrow('gone');
    expect([d.register.size, d.acts.length]).toEqual([0, step === 'note' ? 0 : 1]);
    expect((await issueCommand(d.deps, WISH)).counter).toBe(1);
  });

  test('a command that another version gave ends it, with one act at most', async () => {
    const d = desk();
    await expect(issueCommand({ ...d.deps, claim: async () => d.acts.length > 10 }, WISH)).rejects.toMatchObject({ code: 'TQ-RESPOND-21' });
    expect(d.acts).toHaveLength(1);
  });

  test('a site takes so many an hour, and undoing is always possible', async () => {
    const d = desk();
    for (let i = 0; i < MOST_AN_HOUR; i++) await issueCommand(d.deps, WISH);
    await expect(issueCommand(d.deps, WISH)).rejects.toMatchObject({ code: 'TQ-RESPOND-19' });
    expect((await issueCommand(d.deps, { ...WISH, action: 'undo', target: '', lastsS: 0, undoes: 3 })).undoes).toBe(3);
    d.later(3_600_001);
    expect((await issueCommand(d.deps, WISH)).counter).toBe(MOST_AN_HOUR + 2);
  });

  test('only what can be undone is, and only what there is', async () => {
    const d = desk();
    await issueCommand(d.deps, { ...WISH, action: 'capture-forensics', target: '', lastsS: 0 });
    for (const undoes of [1, 2]) await expect(issueCommand(d.deps, { ...WISH, action: 'undo', target: '', lastsS: 0, undoes })).rejects.toMatchObject({ code: 'TQ-RESPOND-18' });
    expect(d.register.size).toBe(1);
  });

  test.each([
    ['the guard', { target: 'stripe.com' }], ['a reason of two lines', { reason: 'a\nb' }], ['a reason with an escape', { reason: '\u001b[31m' }], ['a reason that turns writing around', { reason: 'a\u202eb' }],
    ['a person in the reason', { reason: 'mara@shop.example complained' }], ['no reason', { reason: '' }], ['a time limit beyond 30 days', { lastsS: 31 * 86_400 }], ['a wait beyond a day', { waitsMs: 90_000_000 }], ['no wait', { waitsMs: 0 }],
    ['half a number', { lastsS: 0.5 }], ['a site that is none', { site: 'Shop' }],
  ] as const)('%s leaves neither a command nor an act', async (_name, change) => {
    const d = desk();
    await expect(issueCommand(d.deps, { ...WISH, ...change })).rejects.toMatchObject({ code: 'TQ-RESPOND-18' });
    expect([d.register.size, d.acts.length]).toEqual([0, 0]);
  });

  test('whatever is wished, what goes out is well-formed, on one line each and signed (seed 20261121)', async () => {
    const random = seededRandom(20_261_121);
    const texts = ['', '/a/b', 'x.example', 'wc:7', '192.0.2.7', 'a\nenforce\n0', '\u0000', '\u2028', '\ud800', '/'.repeat(5000), '{}', 'réason', '🦊'];
    const d = desk();
    let issued = 0;
    for (let i = 0; i < 5_000; i++) {
      d.later(200_000);
      const wish: Wish = {
        site: random.pick(['shop', '', '../x', 'clinic']), action: random.pick(['block-route', 'block-host', 'revoke-api-key', 'block-address', 'exports-off', 'set-policy', 'undo', 'capture-forensics']), target: random.pick(texts),
        mode: random.pick(['dry-run', 'enforce']), reason: random.pick(texts), lastsS: random.pick([0, 1, 3600, -1, 1e9, Number.NaN]), waitsMs: random.pick([0, 1, 60_000, 1e12, -5]), undoes: random.pick([0, 0, 1, 5]),
      };
      const command = await issueCommand(d.deps, wish).catch((error: unknown) => error);
      if (command instanceof RespondError) continue;
      issued++;
      expect(parseSignedCommand(command)).toEqual(command);
      expect(commandHolds(command as SignedCommand, ed25519PublicKey(key))).toBe(true);
    }
    expect(issued).toBeGreaterThan(10);
  });
});
