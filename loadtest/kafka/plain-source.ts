import type { Ledger } from './ledger.ts';
import { eventLine } from './event-line.ts';

export interface PlainSite {
  readonly site: string;
  readonly ingestKey: string;
}

/** Plain lines to sites in turn by `/v1/events`, each site's of one request with an attack at its head. */
export class PlainSource {
  readonly #gatewayUrl: () => string;
  readonly #sites: readonly PlainSite[];
  readonly #ledger: Ledger;
  /** Unix ms at which the attacks were acknowledged, by action. */
  readonly attacks = new Map<string, number>();
  #requests = 0;

  constructor(gatewayUrl: () => string, sites: readonly PlainSite[], ledger: Ledger) {
    this.#gatewayUrl = gatewayUrl;
    this.#sites = sites;
    this.#ledger = ledger;
  }

  /** So many lines to each site. Resolves with their actions; rejects unless all were taken. */
  async send(lines: number, ip?: string): Promise<readonly string[]> {
    const all = await Promise.all(this.#sites.map((site) => this.#sendTo(site, lines, ip)));
    return all.flat();
  }

  async #sendTo({ site, ingestKey }: PlainSite, count: number, ip: string | undefined): Promise<readonly string[]> {
    const request = this.#requests++;
    const actions = Array.from({ length: count }, (_, i) => `plain-${request}-${i}`);
    const body = actions.map((action, i) => `${eventLine({ action, attack: i === 0, ...(ip === undefined ? {} : { ip }) })}\n`).join('');
    const answer = await fetch(`${this.#gatewayUrl()}/v1/events?stream=web`, { method: 'POST', headers: { authorization: `Bearer ${ingestKey}` }, body });
    if (answer.status !== 200) throw new Error(`plain lines were answered with ${answer.status}`);
    this.#ledger.acknowledge(site, actions);
    if (actions[0] !== undefined) this.attacks.set(actions[0], Date.now());
    return actions;
  }

  /** A request to each site each `everyMs`, until the signal aborts. */
  async keepSending(everyMs: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.send(5);
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  }
}
