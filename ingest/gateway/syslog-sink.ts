import type { SyslogBatch, SyslogLine, SyslogRefusal, SyslogSink } from '../syslog/sink.ts';
import { takeRate, writeBlocks } from './accept-lines.ts';
import type { GatewayContext } from './context.ts';
import { blocksOfTold, countTold } from './plain-lines.ts';
import type { Told } from './plain-lines.ts';
import { toGatewayError } from './errors.ts';

/** One report in this time, however many messages are refused. */
const REPORT_EVERY_MS = 60_000;

/** An empty message is a line all the same. */
function toldOf({ bytes, reason, format, zone }: SyslogLine): Told {
  if (reason !== undefined) return { bytes, reason };
  return bytes.length === 0 ? { bytes, reason: 'empty' } : { bytes, format, zone };
}

/** Lines of syslog become plain blocks as those of `/v1/events` do, under the same limits. */
export function createSyslogSink(context: GatewayContext): SyslogSink {
  const reports = new Map<string, { atMs: number; unsaid: number }>();

  /** To the operator: a reason and a number, never what was sent. */
  function report(what: string, times = 1): void {
    const nowMs = performance.now();
    const last = reports.get(what) ?? { atMs: -Infinity, unsaid: 0 };
    last.unsaid += times;
    reports.set(what, last);
    if (nowMs - last.atMs < REPORT_EVERY_MS) return;
    context.onFault?.(new Error(`syslog: ${what} (${last.unsaid} since it was last said)`));
    last.atMs = nowMs;
    last.unsaid = 0;
  }

  return {
    siteOfKey: (key) => context.sites.siteOfIngestKey(key),
    async take({ site, stream, lines }: SyslogBatch) {
      const bytes = lines.reduce((sum, line) => sum + line.bytes.length + 1, 0);
      try {
        const ticket = context.admission.admit(bytes);
        try {
          const told = lines.map(toldOf);
          takeRate(context, site, countTold(told), bytes);
          await writeBlocks(context, site, stream, blocksOfTold(told, context.inspector));
        } finally {
          ticket.release();
        }
      } catch (thrown) {
        const error = toGatewayError(thrown);
        report(`a batch must wait, ${error.reason}`);
        throw error;
      }
    },
    refused(reason: SyslogRefusal, messages = 1) {
      context.metrics.syslogRefused(reason, messages);
      report(`a message was refused, ${reason}`, messages);
    },
    connections: (open) => context.metrics.syslogConnections(open),
  };
}
