import { createCipheriv, createSecretKey, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { SealingKey, SealingKeys } from '../../contracts/keys.ts';
import { DATA_KEY_BYTES, wrapDataKey } from '../../contracts/sealed-key.ts';
import { encodePrefix } from './sealed-body.ts';

export interface BlockSealer {
  /**
   * The sealed body for `frameRecord`. `body` is already compressed as the head says; `headBytes` must be the very
   * bytes that go into the record.
   */
  seal(headBytes: Buffer, body: Buffer): Buffer;
}

interface DataKey {
  /** As a key object, the cipher starts ten times faster than from bytes. */
  readonly key: KeyObject;
  readonly prefix: Buffer;
  readonly noncePrefix: Buffer;
  readonly madeAtMs: number;
  blocks: number;
}

export interface SealerOptions {
  /** A data key older than this is replaced, and the worker's newest public key asked for. */
  readonly renewAfterMs?: number;
  readonly now?: () => number;
}

const RENEW_AFTER_MS = 10 * 60_000;
/** Far below what AES-GCM allows under one key. */
export const BLOCKS_PER_KEY = 2 ** 20;

function makeDataKey({ id, publicKey }: SealingKey, nowMs: number): DataKey {
  const key = randomBytes(DATA_KEY_BYTES);
  return { key: createSecretKey(key), prefix: encodePrefix(id, wrapDataKey(key, publicKey)), noncePrefix: randomBytes(8), madeAtMs: nowMs, blocks: 0 };
}

/** Resolves when the keys role has given its public key; afterwards a gateway seals on while that role is away. */
export async function openBlockSealer(keys: SealingKeys, options: SealerOptions = {}): Promise<BlockSealer> {
  const renewAfterMs = options.renewAfterMs ?? RENEW_AFTER_MS;
  const now = options.now ?? Date.now;
  let sealingKey = await keys.sealingKey();
  let dataKey = makeDataKey(sealingKey, now());
  const renew = (): void => {
    dataKey = makeDataKey(sealingKey, now());
    // The public key used so far stays good (old private keys are kept), so a failure waits for the next renewal.
    keys.sealingKey().then(
      (newest) => {
        if (newest.id === sealingKey.id) return;
        sealingKey = newest;
        dataKey = makeDataKey(newest, now());
      },
      () => undefined,
    );
  };
  return {
    seal(headBytes, body) {
      if (dataKey.blocks >= BLOCKS_PER_KEY || now() - dataKey.madeAtMs >= renewAfterMs) renew();
      return sealUnder(dataKey, headBytes, body);
    },
  };
}

function sealUnder(dataKey: DataKey, headBytes: Buffer, body: Buffer): Buffer {
  const counter = Buffer.allocUnsafe(4);
  counter.writeUInt32BE(dataKey.blocks++);
  const nonce = Buffer.concat([dataKey.noncePrefix, counter]);
  const cipher = createCipheriv('aes-256-gcm', dataKey.key, nonce);
  cipher.setAAD(headBytes);
  return Buffer.concat([dataKey.prefix, nonce, cipher.update(body), cipher.final(), cipher.getAuthTag()]);
}
