import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import type { Format } from '../../ingest/formats/formats.ts';
import { formatEnrolment } from '../../contracts/site.ts';
import { openShipper } from '../../ingest/shipper/shipper.ts';
import type { Home } from '../../roles/home.ts';
import { registerSite } from '../pipeline.ts';
import type { DemoLine, DemoStream } from './line.ts';

const BATCH_LINES = 500;
const FORMATS: Readonly<Record<Exclude<DemoStream, 'wordpress'>, Format>> = { access: 'combined', debug: 'wp-debug' };

/** What of one site is on its way. */
interface SiteSender {
  readonly plain: Readonly<Record<'access' | 'debug', string[]>>;
  readonly ingestKey: string;
  readonly audit: PassThrough;
  readonly auditSent: Promise<unknown>;
}

export interface Replay {
  /** Lines in the order of their times; resolves once every one is acknowledged. */
  send(lines: readonly DemoLine[], onProgress: (sent: number) => void): Promise<void>;
}

async function openSite(home: Home, gatewayUrl: string, site: string): Promise<SiteSender> {
  const { enrolmentSecret, ingestKey } = await registerSite(home, site);
  const shipper = await openShipper({ directory: home.shippers, site, stream: 'wordpress', enrolment: formatEnrolment(site, enrolmentSecret, gatewayUrl) });
  const audit = new PassThrough();
  const auditSent = shipper.sendFile(audit, { format: 'ndjson' }).finally(() => shipper[Symbol.asyncDispose]());
  auditSent.catch(() => undefined);
  return { plain: { access: [], debug: [] }, ingestKey, audit, auditSent };
}

/** Sends as a site would: logs as plain lines in batches, WordPress audit events through the shipper's signed chain. */
export async function openReplay(home: Home, gatewayUrl: string, sites: readonly string[]): Promise<Replay> {
  const senders = new Map<string, SiteSender>();
  for (const site of sites) senders.set(site, await openSite(home, gatewayUrl, site));

  async function flush(sender: SiteSender, stream: 'access' | 'debug'): Promise<void> {
    const lines = sender.plain[stream].splice(0);
    if (lines.length === 0) return;
    for (;;) {
      const answer = await fetch(`${gatewayUrl}/v1/events?stream=${stream}&format=${FORMATS[stream]}`, { method: 'POST', headers: { authorization: `Bearer ${sender.ingestKey}` }, body: `${lines.join('\n')}\n` });
      if (answer.ok) return;
      if (answer.status !== 503 && answer.status !== 429) throw new Error(`the gateway answered ${answer.status}: ${await answer.text()}`);
      await new Promise((resolve) => setTimeout(resolve, Number(answer.headers.get('retry-after') ?? 1) * 1000));
    }
  }

  async function sendLine(line: DemoLine): Promise<void> {
    const sender = senders.get(line.site);
    if (sender === undefined) throw new RangeError(`the demo has no shop ${line.site}`);
    if (line.stream === 'wordpress') {
      if (!sender.audit.write(`${line.text}\n`)) await once(sender.audit, 'drain');
      return;
    }
    sender.plain[line.stream].push(line.text);
    if (sender.plain[line.stream].length >= BATCH_LINES) await flush(sender, line.stream);
  }

  return {
    async send(lines, onProgress) {
      for (const [i, line] of lines.entries()) {
        await sendLine(line);
        if (i % BATCH_LINES === 0) onProgress(i);
      }
      for (const sender of senders.values()) {
        sender.audit.end();
        await Promise.all([flush(sender, 'access'), flush(sender, 'debug'), sender.auditSent]);
      }
      onProgress(lines.length);
    },
  };
}
