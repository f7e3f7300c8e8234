import { isName } from '../../contracts/names.ts';
import { writeBlocks } from './accept-lines.ts';
import { readReports, reportLine } from './browser-report.ts';
import { networkOf } from './client-network.ts';
import type { GatewayContext, RawRequest } from './context.ts';
import { GatewayError } from './errors.ts';
import { blocksOfEvents } from './plain-lines.ts';

export const MAX_REPORTS_BYTES = 64 * 1024;
export const REPORT_TYPES = ['application/csp-report', 'application/reports+json', 'application/json', 'text/plain'] as const;
const STREAM = 'browser';

/**
 * Takes what browsers report of a site's pages. They hold no credentials, so anybody may send anything: budgets bound it,
 * and an unknown site is answered like any other, after the same checks.
 */
export async function acceptReports(context: GatewayContext, request: RawRequest): Promise<void> {
  const { site } = request.params;
  const type = request.contentType?.split(';', 1)[0]?.trim().toLowerCase();
  if (!REPORT_TYPES.some((known) => known === type)) throw new GatewayError('TQ-GATEWAY-38');
  if (!isName(site)) throw new GatewayError('TQ-GATEWAY-27', { problem: 'site' });
  takeOne(context, `from ${networkOf(request.address)}`);
  takeOne(context, `of ${site}`);
  const reports = readReports(request.body.toString());
  if (reports === undefined) throw new GatewayError('TQ-GATEWAY-37');
  if (reports.length === 0 || !context.sites.has(site)) return;
  const now = context.clock();
  await writeBlocks(context, site, STREAM, blocksOfEvents(reports.map((report) => reportLine(report, now)), context.inspector));
}

function takeOne({ reportBudgets }: GatewayContext, name: string): void {
  const waitSeconds = reportBudgets.take(name);
  if (waitSeconds !== undefined) throw new GatewayError('TQ-GATEWAY-30', { retryAfterSeconds: waitSeconds });
}
