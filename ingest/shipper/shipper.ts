import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ed25519PrivateKey } from '../../contracts/block.ts';
import { isName } from '../../contracts/names.ts';
import { chainSigner } from './build-block.ts';
import type { BlockOptions } from './build-block.ts';
import { BlockSender } from './block-sender.ts';
import type { Step } from './block-sender.ts';
import { enrol, readEnrolment } from './enrolment.ts';
import type { EnrolledIdentity } from './enrolment.ts';
import { ShipperError } from './errors.ts';
import { createGatewayClient } from './gateway-client.ts';
import type { Clock } from './gateway-client.ts';
import { loadIdentity, secretHash } from './identity.ts';
import type { SendOptions, SendResult } from './send-result.ts';
import { SenderLock } from './sender-lock.ts';
import { openSource } from './source.ts';
import type { Source } from './source.ts';

export interface ShipperOptions {
  /** Where state is kept: `<directory>/<site>/identity.json` and `<directory>/<site>/<stream>/`. */
  readonly directory: string;
  readonly site: string;
  readonly stream: string;
  /** Goes before the enrolment's and the one enrolled with. */
  readonly gatewayUrl?: string;
  /** The enrolment line; needed at first contact and after a rotation, ignored once used. */
  readonly enrolment?: string;
  readonly fetch?: typeof fetch;
  readonly clock?: Clock;
  /** Gives up when the gateway was not reached for so long; default 5 minutes. */
  readonly deadlineMs?: number;
  readonly commit?: BlockOptions['commit'];
  /** Called between the steps of a block; for tests of crashes. */
  readonly onStep?: (step: Step) => void;
}

export interface Shipper extends AsyncDisposable {
  /**
   * Sends what of a file, named by its path, was not sent before, or all of a stream. Resolves when the gateway's
   * signed receipts for all of it are held. Rejects with `ShipperError`; calling again goes on where it stopped (a
   * stream has to be given from the first line not acknowledged). One call at a time.
   */
  sendFile(source: string | AsyncIterable<Uint8Array>, options: SendOptions): Promise<SendResult>;
}

const DEADLINE_MS = 300_000;
const REQUEST_TIMEOUT_MS = 30_000;

const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    await sleep(ms, undefined, signal === undefined ? {} : { signal });
  },
};

/** Takes the stream's lock and reads its state; talks to no one until the first `sendFile`. */
export async function openShipper(options: ShipperOptions): Promise<Shipper> {
  const { site, stream } = options;
  if (!isName(site) || !isName(stream)) throw new ShipperError('TQ-SHIPPER-08');
  const siteDirectory = join(options.directory, site);
  const streamDirectory = join(siteDirectory, stream);
  await mkdir(streamDirectory, { recursive: true, mode: 0o700 });
  const lock = new SenderLock(join(streamDirectory, 'lock'));
  try {
    return await openLocked(options, siteDirectory, streamDirectory, lock);
  } catch (cause) {
    lock[Symbol.dispose]();
    throw cause;
  }
}

async function openLocked(options: ShipperOptions, siteDirectory: string, streamDirectory: string, lock: SenderLock): Promise<Shipper> {
  const { site, stream, clock = SYSTEM_CLOCK } = options;
  const identity = await loadIdentity(siteDirectory);
  const signer = chainSigner(site, stream, ed25519PrivateKey(identity.seed));
  const enrolment = options.enrolment === undefined ? undefined : readEnrolment(options.enrolment, site);
  const gatewayUrl = options.gatewayUrl ?? enrolment?.gatewayUrl ?? identity.enrolled?.gatewayUrl;
  if (gatewayUrl === undefined) throw new ShipperError('TQ-SHIPPER-02');
  const client = createGatewayClient({
    gatewayUrl, clock, fetch: options.fetch ?? fetch, deadlineMs: options.deadlineMs ?? DEADLINE_MS, requestTimeoutMs: REQUEST_TIMEOUT_MS, random: Math.random,
  });

  async function firstContact(signal: AbortSignal | undefined): Promise<EnrolledIdentity> {
    const { enrolled } = identity;
    if (enrolled !== undefined && (enrolment === undefined || enrolled.secretHash === secretHash(enrolment.secret))) return { seed: identity.seed, enrolled };
    if (enrolment === undefined || gatewayUrl === undefined) throw new ShipperError('TQ-SHIPPER-02');
    return await enrol({ directory: siteDirectory, site, publicKey: signer.publicKey, identity, enrolment, gatewayUrl }, client, signal);
  }

  const sender = await BlockSender.open({
    path: join(streamDirectory, 'journal'), signer, client,
    ...(options.commit === undefined ? {} : { commit: options.commit }),
    ...(options.onStep === undefined ? {} : { onStep: options.onStep }),
  });
  let enrolled: EnrolledIdentity | undefined;
  let sending: Promise<SendResult> | undefined;

  async function send(source: string | AsyncIterable<Uint8Array>, sendOptions: SendOptions): Promise<SendResult> {
    enrolled ??= await firstContact(sendOptions.signal);
    const resent = await sender.resend(enrolled.enrolled.receiptKey, sendOptions.signal);
    await using opened: Source = await openSource(source, sender.marks);
    return await sender.send(opened, resent, enrolled.enrolled.receiptKey, sendOptions);
  }

  return {
    async sendFile(source, sendOptions) {
      if (sending !== undefined) throw new ShipperError('TQ-SHIPPER-09');
      sending = send(source, sendOptions);
      try {
        return await sending;
      } finally {
        sending = undefined;
      }
    },
    async [Symbol.asyncDispose]() {
      await sending?.catch(() => undefined);
      lock[Symbol.dispose]();
    },
  };
}
