import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeControl, sampleAlert } from './control-fixture.ts';
import type { RaisedGroup } from './commit-tail.ts';
import type { Endpoint } from './endpoint.ts';
import { startReceiver } from './receiver-fixture.ts';
import { createResponder } from './responder.ts';
import type { ResponderDeps } from './responder.ts';
import type { ResponderEvent } from './responder-event.ts';
import { verifyWebhook } from './webhook-verifier.ts';

const secret = ['whsec', Buffer.alloc(24, 7).toString('base64')].join('_');
const key = Buffer.alloc(24, 7);
let directory = '';
let control = new FakeControl();
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tq-respond-'));
  control = new FakeControl();
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function endpoint(url: string, change: Partial<Endpoint> = {}): Endpoint {
  return { name: 'default', url: new URL(url), keys: [key], allowPrivateAddresses: true, timeoutMs: 2_000, maxQueued: 1_000, ...change };
}

function open(endpoints: readonly Endpoint[], change: Partial<ResponderDeps> = {}) {
  return createResponder({ control: control.stream, alertsOf: control.alertsOf, directory, endpoints, includeAddresses: false, productVersion: '0.1.0', ...change });
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('an alert of a commit', () => {
  test('arrives once at every endpoint, signed, without the address', async () => {
    await using a = await startReceiver();
    await using b = await startReceiver();
    await using responder = open([endpoint(a.url), endpoint(b.url, { name: 'second' })]);
    control.append('prepare/0/0', '{}');
    control.commit([]);
    control.commit([sampleAlert(1), sampleAlert(2)]);
    await Promise.all([a.saw(2), b.saw(2)]);
    await until(() => responder.status().endpoints.every((e) => e.delivered === 2 && e.queued === 0));
    for (const { received } of [a, b]) {
      expect(received.map((r) => r.id).toSorted()).toEqual([sampleAlert(1).id, sampleAlert(2).id].toSorted());
      for (const request of received) {
        expect(verifyWebhook(request, [secret], Date.now())).toMatchObject({ ok: true, id: request.id });
        expect(request.body.toString()).not.toContain('198.51.100.7');
      }
    }
    expect(responder.status().endpoints[0]).toMatchObject({ queued: 0, failed: 0, disabled: false, oldestAgeMs: 0 });
  });

  test('is on the trail before it is sent; while the trail cannot take it, none is', async () => {
    await using receiver = await startReceiver();
    const recorded: RaisedGroup[] = [];
    const problems: string[] = [];
    let away = true;
    await using responder = open([endpoint(receiver.url)], {
      record: async (group) => {
        if (away) throw new Error('the log is away');
        expect(receiver.received).toHaveLength(0);
        recorded.push(group);
      },
      onEvent: (event) => {
        if (event.type === 'tail_problem') problems.push(event.error.code);
      },
    });
    control.commit([]);
    control.commit([sampleAlert(1), sampleAlert(2)]);
    await until(() => problems.length >= 3);
    expect([receiver.received.length, new Set(problems)]).toEqual([0, new Set(['TQ-RESPOND-17'])]);
    away = false;
    await receiver.saw(2);
    expect(recorded.map(({ range, alerts, gaps }) => [range, alerts.length, gaps])).toEqual([[{ partition: 0, first: 1, last: 1 }, 2, 0]]);
    await until(() => responder.status().endpoints[0]?.delivered === 2);
  });

  test('is sent from where the last responder stopped, and not again', async () => {
    await using receiver = await startReceiver();
    {
      await using responder = open([endpoint(receiver.url)]);
      control.commit([sampleAlert(1)]);
      await until(() => responder.status().endpoints[0]?.delivered === 1);
    }
    control.commit([sampleAlert(2)]);
    await using responder = open([endpoint(receiver.url)]);
    await until(() => responder.status().endpoints[0]?.delivered === 2);
    expect(receiver.received.map((r) => r.id)).toEqual([sampleAlert(1).id, sampleAlert(2).id]);
  });

  test('keeps its id and body over failed tries and a restart between them', async () => {
    let answers = false;
    await using receiver = await startReceiver((response) => response.writeHead(answers ? 200 : 500).end());
    let nowMs = Date.now();
    const clock = { nowMs: () => nowMs, random: () => 0 };
    const events: ResponderEvent[] = [];
    {
      await using responder = open([endpoint(receiver.url)], { ...clock, onEvent: (e) => events.push(e) });
      control.commit([sampleAlert(1)]);
      await until(() => events.some((e) => e.type === 'failed'));
      expect(responder.status().endpoints[0]).toMatchObject({ queued: 1, delivered: 0 });
    }
    answers = true;
    nowMs += 5_000;
    await using responder = open([endpoint(receiver.url)], clock);
    await until(() => responder.status().endpoints[0]?.delivered === 1);
    expect(receiver.received).toHaveLength(2);
    expect(receiver.received[1]?.id).toBe(receiver.received[0]?.id);
    expect(receiver.received[1]?.body).toEqual(receiver.received[0]?.body);
  });

  test('is read from the store when its commit was trimmed while no responder ran', async () => {
    await using receiver = await startReceiver();
    {
      await using responder = open([endpoint(receiver.url)]);
      control.commit([sampleAlert(1)]);
      await until(() => responder.status().endpoints[0]?.delivered === 1);
    }
    control.commit([sampleAlert(2)]);
    control.trim(2);
    control.commit([sampleAlert(3)]);
    await using responder = open([endpoint(receiver.url)]);
    await until(() => responder.status().endpoints[0]?.delivered === 3);
    expect(receiver.received.map((r) => r.id).toSorted()).toEqual([1, 2, 3].map((n) => sampleAlert(n).id).toSorted());
  });

  test('is sent once when its group is committed a second time', async () => {
    await using receiver = await startReceiver();
    await using responder = open([endpoint(receiver.url)]);
    control.commit([sampleAlert(1)]);
    await until(() => responder.status().endpoints[0]?.delivered === 1);
    const [first] = control.entries;
    control.append('commit/0/0', first?.value ?? '');
    control.commit([sampleAlert(2)]);
    await until(() => responder.status().endpoints[0]?.delivered === 2);
    expect(receiver.received.map((r) => r.id)).toEqual([sampleAlert(1).id, sampleAlert(2).id]);
  });

  test('waits for a store that cannot be read or lags behind, and is then sent once', async () => {
    await using receiver = await startReceiver();
    let calls = 0;
    const alertsOf: ResponderDeps['alertsOf'] = (range) => {
      calls++;
      if (calls === 1) return Promise.reject(new Error('store is away'));
      return calls === 2 ? Promise.resolve([]) : control.alertsOf(range);
    };
    const events: ResponderEvent[] = [];
    await using responder = open([endpoint(receiver.url)], { alertsOf, onEvent: (e) => events.push(e) });
    control.commit([sampleAlert(1)]);
    await until(() => responder.status().endpoints[0]?.delivered === 1);
    expect(events.flatMap((e) => (e.type === 'tail_problem' ? [e.error.code] : []))).toEqual(['TQ-RESPOND-12', 'TQ-RESPOND-14']);
    expect(receiver.received).toHaveLength(1);
  });
});

describe('alerts of a group', () => {
  const GROUPED = { group: 'group_a', quiet_s: 600, back_off: 2, quiet_most_s: 3_600 } as const;
  const grouped = (n: number) => sampleAlert(n, GROUPED);

  test('are told by the first, and at the end of the quiet by one summary, over a restart', async () => {
    await using receiver = await startReceiver();
    let nowMs = Date.now();
    const clock = { nowMs: () => nowMs };
    {
      await using responder = open([endpoint(receiver.url)], clock);
      for (let n = 0; n < 30; n++) control.commit([grouped(n)]);
      await until(() => responder.status().next === 30 && responder.status().endpoints[0]?.delivered === 1);
      expect(responder.status().groups).toEqual({ quiet: 1, held: 29, heldEver: 29, summaries: 0, cutShort: 0 });
    }
    nowMs += 600_000;
    await using responder = open([endpoint(receiver.url)], clock);
    await until(() => responder.status().endpoints[0]?.delivered === 2);
    expect(receiver.received.map((r) => r.id)).toEqual([sampleAlert(0).id, expect.stringMatching(/^summary_/)]);
    expect(JSON.parse(receiver.received[1]?.body.toString() ?? '')).toMatchObject({ count: 29, activity_name: 'Update', finding_info: { uid: sampleAlert(0).id } });
    expect(responder.status().groups).toMatchObject({ quiet: 1, held: 0, summaries: 1 });
    nowMs += 1_200_000;
    await until(() => responder.status().groups.quiet === 0);
    control.commit([grouped(30)]);
    await until(() => responder.status().endpoints[0]?.delivered === 3);
    expect(receiver.received.at(-1)?.id).toBe(sampleAlert(30).id);
  });

  test('wait no longer than the quiet when the clock is set back', async () => {
    await using receiver = await startReceiver();
    let nowMs = Date.now();
    await using responder = open([endpoint(receiver.url)], { nowMs: () => nowMs });
    control.commit([grouped(0), grouped(1)]);
    await until(() => responder.status().groups.held === 1);
    nowMs -= 1e9;
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(responder.status().groups.held).toBe(1);
    nowMs += 600_001;
    await until(() => responder.status().endpoints[0]?.delivered === 2);
  });

  test('are each told at once when the operator wants every alert', async () => {
    await using receiver = await startReceiver();
    await using responder = open([endpoint(receiver.url)], { notifyEveryAlert: true });
    control.commit([grouped(0), grouped(1), grouped(2)]);
    await until(() => responder.status().endpoints[0]?.delivered === 3);
    expect(responder.status().groups.heldEver).toBe(0);
  });
});

describe('an endpoint', () => {
  test('that answers 410 is switched off until its URL changes, over a restart', async () => {
    await using receiver = await startReceiver((response, request) => response.writeHead(request.url === '/hook' ? 410 : 200).end());
    {
      await using responder = open([endpoint(receiver.url)]);
      control.commit([sampleAlert(1)]);
      await until(() => responder.status().endpoints[0]?.disabled === true);
      await until(() => responder.status().endpoints[0]?.queued === 1);
    }
    {
      await using responder = open([endpoint(receiver.url)], { nowMs: () => Date.now() + 60_000 });
      control.commit([sampleAlert(2)]);
      await until(() => responder.status().next === 2);
      expect(receiver.received).toHaveLength(1);
    }
    await using responder = open([endpoint(`${receiver.url}/new`)], { nowMs: () => Date.now() + 120_000 });
    await until(() => responder.status().endpoints[0]?.delivered === 2);
  });

  test('that does not answer holds up no other', async () => {
    await using slow = await startReceiver(() => undefined);
    await using fast = await startReceiver();
    await using responder = open([endpoint(slow.url, { name: 'slow', timeoutMs: 500 }), endpoint(fast.url, { name: 'fast' })]);
    control.commit(Array.from({ length: 20 }, (_, i) => sampleAlert(i)));
    await fast.saw(20);
    expect(slow.received.length).toBeLessThanOrEqual(8);
    await until(() => responder.status().endpoints[1]?.delivered === 20);
  });

  test('whose queue is full gets the rest counted as failed, never silently dropped', async () => {
    await using receiver = await startReceiver((response) => response.writeHead(500).end());
    const events: ResponderEvent[] = [];
    await using responder = open([endpoint(receiver.url, { maxQueued: 3 })], { onEvent: (e) => events.push(e) });
    control.commit(Array.from({ length: 5 }, (_, i) => sampleAlert(i)));
    await until(() => events.some((e) => e.type === 'queued' && e.overflow === 2));
    expect(responder.status().endpoints[0]).toMatchObject({ queued: 3, failed: 2 });
  });

  test('that failed for three days has its alert set aside, visibly', async () => {
    await using receiver = await startReceiver((response) => response.writeHead(500).end());
    let nowMs = Date.now();
    const clock = { nowMs: () => nowMs, random: () => 0 };
    for (let round = 0; round < 40; round++) {
      const events: ResponderEvent[] = [];
      await using responder = open([endpoint(receiver.url)], { ...clock, onEvent: (e) => events.push(e) });
      if (round === 0) control.commit([sampleAlert(1)]);
      await until(() => events.some((e) => e.type === 'failed'));
      const failed = events.find((e) => e.type === 'failed');
      if (failed?.nextTryAtMs === undefined) {
        await until(() => responder.status().endpoints[0]?.failed === 1 && responder.status().endpoints[0]?.queued === 0);
        expect(responder.status().endpoints[0]).toMatchObject({ queued: 0, delivered: 0 });
        expect(round).toBeGreaterThan(8);
        return;
      }
      nowMs = failed.nextTryAtMs;
    }
    expect.unreachable('it was tried for ever');
  });
});

test('a group of 2,000 alerts arrives whole, each once', async () => {
  await using receiver = await startReceiver();
  await using responder = open([endpoint(receiver.url, { maxQueued: 10_000 })]);
  control.commit(Array.from({ length: 2_000 }, (_, i) => sampleAlert(i)));
  await until(() => responder.status().endpoints[0]?.delivered === 2_000);
  expect(new Set(receiver.received.map((r) => r.id)).size).toBe(2_000);
  expect(receiver.received).toHaveLength(2_000);
});
