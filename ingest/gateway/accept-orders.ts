import { isName } from '../../contracts/names.ts';
import type { Orders } from '../sites/site-register.ts';
import { commandKeyOf } from './accept-enrolment.ts';
import { networkOf } from './client-network.ts';
import type { GatewayContext, RawRequest } from './context.ts';
import { GatewayError } from './errors.ts';

export interface OrdersAnswer extends Orders {
  /** Unix ms, so that a site with a wrong clock can tell. */
  readonly now: number;
  readonly command_key?: string;
}

/** What waits for a site's plugin: its letters, and the commands above the counter it names that have not expired. */
export async function answerOrders(context: GatewayContext, request: RawRequest): Promise<OrdersAnswer> {
  const secret = /^Bearer +(\S+) *$/i.exec(request.authorization ?? '')?.[1];
  if (secret === undefined) throw new GatewayError('TQ-GATEWAY-35');
  const { site, after = '0' } = request.query;
  if (!isName(site)) throw new GatewayError('TQ-GATEWAY-27', { problem: 'site' });
  if (typeof after !== 'string' || !/^[0-9]{1,15}$/.test(after)) throw new GatewayError('TQ-GATEWAY-27', { problem: 'after' });
  const now = context.clock();
  const ask = (): Orders | undefined => context.sites.ordersFor(site, secret, Number(after), now);
  const orders = ask() ?? (await askAgain(context, request.address, ask));
  // Only whoever has the secret can use up the site's budget.
  takeOne(context, `of ${site}`);
  return { now, ...commandKeyOf(context), ...orders };
}

/** The mailbox may be newer than what this gateway read; strangers make it look again only so often. */
async function askAgain(context: GatewayContext, address: string, ask: () => Orders | undefined): Promise<Orders> {
  takeOne(context, `from ${networkOf(address)}`);
  await context.sites.refresh();
  const orders = ask();
  // The same whether there is such a site or not.
  if (orders === undefined) throw new GatewayError('TQ-GATEWAY-36');
  return orders;
}

function takeOne({ orderBudgets }: GatewayContext, name: string): void {
  const waitSeconds = orderBudgets.take(name);
  if (waitSeconds !== undefined) throw new GatewayError('TQ-GATEWAY-30', { retryAfterSeconds: waitSeconds });
}
