import { describe, expect, test } from 'vitest';
import { LogError } from '../log/errors.ts';
import type { SyslogBatch, SyslogLine } from '../syslog/sink.ts';
import { createSyslogSink } from './syslog-sink.ts';
import { openTestGateway, SITE } from './test-gateway.ts';

function batchOf(...lines: readonly (Partial<SyslogLine> | string)[]): SyslogBatch {
  return { site: SITE, stream: 'access', lines: lines.map((line) => ({ format: 'combined', zone: 'UTC', ...(typeof line === 'string' ? { bytes: Buffer.from(line) } : { bytes: Buffer.alloc(0), ...line }) })) };
}

const ACCESS = '192.0.2.7 - - [21/Nov/2026:12:00:00 +0000] "GET /shop HTTP/1.1" 200 512 "-" "curl/8"';

describe('a batch', () => {
  test('becomes one plain block: events, lines of one message joined, dead letters beside them', async () => {
    await using gateway = await openTestGateway();
    const sink = createSyslogSink(gateway.context);
    await sink.take(batchOf(ACCESS, 'rubbish', '', { bytes: Buffer.from('cut off'), reason: 'too_long' }));
    await sink.take(batchOf({ bytes: Buffer.from('[21-Nov-2026 10:11:12 UTC] PHP Fatal error:  x in /a.php:3\nStack trace:'), format: 'php-error' }, { bytes: Buffer.from('#0 {main}'), format: 'php-error' }));
    const records = await gateway.records();
    expect(records.map(({ head }) => [head.site, head.stream, head.provenance, head.framing, head.lines, head.rejects])).toEqual([
      [SITE, 'access', 'gateway', 'plain', 4, [[1, 'unknown_format'], [2, 'empty'], [3, 'too_long']]], [SITE, 'access', 'gateway', 'plain', 1, undefined],
    ]);
    expect(JSON.parse(records[0]?.body.toString().split('\n')[0] ?? '')).toMatchObject({ source: { ip: '192.0.2.7' } });
    expect(JSON.parse(records[1]?.body.toString() ?? '')).toMatchObject({ error: { stack_trace: 'Stack trace:\n#0 {main}' } });
    expect(gateway.context.admission.bytes).toBe(0);
    const metrics = gateway.context.metrics.text({});
    expect(metrics).toContain('lines_total{provenance="gateway"} 5\n');
    expect(metrics).toContain('dead_letters_total{provenance="gateway"} 3\n');
  });

  test('is rejected with when to try again, while the log is down, the gateway full or the site beyond its rate', async () => {
    await using down = await openTestGateway({ gate: async (what, effect) => { if (what === 'append') throw new LogError('TQ-LOG-02'); return effect(); } });
    await expect(createSyslogSink(down.context).take(batchOf(ACCESS))).rejects.toMatchObject({ retryable: true });
    await using full = await openTestGateway({ config: { max_in_flight_bytes: 10 } });
    await expect(createSyslogSink(full.context).take(batchOf(ACCESS))).rejects.toMatchObject({ reason: 'busy' });
    await using slow = await openTestGateway({ config: { site_events_per_second: 1, burst_seconds: 1 } });
    const sink = createSyslogSink(slow.context);
    await sink.take(batchOf(ACCESS, ACCESS, ACCESS));
    await expect(sink.take(batchOf(ACCESS))).rejects.toMatchObject({ reason: 'rate_limit', retryAfterSeconds: 2 });
  });

  test('costs its site as many as it has lines, however few messages bear them', async () => {
    await using gateway = await openTestGateway({ config: { site_events_per_second: 1, burst_seconds: 1 } });
    const sink = createSyslogSink(gateway.context);
    await sink.take(batchOf({ bytes: Buffer.from('{}\n'.repeat(61)), format: 'ndjson' }));
    await expect(sink.take(batchOf(ACCESS))).rejects.toMatchObject({ reason: 'rate_limit', retryAfterSeconds: 60 });
  });
});

test('refusals are counted each and told to the operator once, without what was sent', async () => {
  await using gateway = await openTestGateway();
  const sink = createSyslogSink(gateway.context);
  for (let i = 0; i < 1_000; i++) sink.refused('wrong_key');
  sink.refused('not_stored', 3);
  sink.connections(7);
  const metrics = gateway.context.metrics.text({});
  for (const line of ['syslog_refused_total{reason="wrong_key"} 1000', 'syslog_refused_total{reason="not_stored"} 3', 'syslog_connections 7']) expect(metrics).toContain(`tourniquet_gateway_${line}\n`);
  expect(gateway.faults.map(String)).toEqual(['Error: syslog: a message was refused, wrong_key (1 since it was last said)', 'Error: syslog: a message was refused, not_stored (3 since it was last said)']);
});

test('keys are those of plain lines', async () => {
  await using gateway = await openTestGateway();
  const sink = createSyslogSink(gateway.context);
  expect([await sink.siteOfKey(gateway.secrets.ingestKey), await sink.siteOfKey('guess'), await sink.siteOfKey('')]).toEqual([SITE, undefined, undefined]);
});
