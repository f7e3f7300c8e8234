import type { KeyObject } from 'node:crypto';
import type { EventLog } from '../../contracts/event-log.ts';
import type { LineInspector } from '../../contracts/line-inspector.ts';
import type { SiteRegister } from '../sites/site-register.ts';
import type { Admission } from './admission.ts';
import type { Budgets } from './budgets.ts';
import type { GatewayConfig } from './config.ts';
import type { Metrics } from './metrics.ts';
import type { ReceiptSigner } from './receipt-signer.ts';
import type { RateLimit } from './rate-limit.ts';
import type { RecordWriter, Seal } from './record-writer.ts';

/** What a role gives the gateway. */
export interface GatewayDeps {
  readonly log: EventLog;
  /** Seals a compressed body with the head's bytes as additional data. */
  readonly seal: Seal;
  readonly inspector: LineInspector;
  readonly sites: SiteRegister;
  /** Ed25519 private key that signs receipts; the same in each gateway of a deployment. */
  readonly receiptKey: KeyObject;
  /** Unix milliseconds. */
  readonly clock: () => number;
  readonly config: GatewayConfig;
  /** The newest checkpoint of a site as a signed note, when one is known. */
  readonly checkpointFor?: (site: string) => string | undefined;
  /** Told what checkpoint (`size:root`) the shipper of a block says it was given, once the block's signature held. */
  readonly onEcho?: (site: string, echo: string) => void;
  /** Told what an operator must see; never holds input. */
  readonly onFault?: (error: unknown) => void;
}

/** What the routes share. */
export interface GatewayContext extends GatewayDeps {
  readonly receipts: ReceiptSigner;
  readonly admission: Admission;
  readonly rateLimit: RateLimit;
  /** Of questions for orders, by site and, of wrong ones, by network. */
  readonly orderBudgets: Budgets;
  /** Of browser reports, by site and by network. */
  readonly reportBudgets: Budgets;
  readonly metrics: Metrics;
  readonly writer: RecordWriter;
}

/** One request, freed of its transport: what tests without sockets call. */
export interface RawRequest {
  readonly body: Buffer;
  readonly encoding: string | undefined;
  readonly authorization: string | undefined;
  readonly contentType: string | undefined;
  readonly query: Readonly<Record<string, unknown>>;
  /** Named parts of the path. */
  readonly params: Readonly<Record<string, unknown>>;
  /** The client's, as far as proxies are believed. */
  readonly address: string;
  readonly ticket: { needRoom(bytes: number): void; grow(bytes: number): void };
}
