import { isBoxKey } from '../../contracts/letter.ts';
import { isName } from '../../contracts/names.ts';
import type { Box } from '../sites/site-register.ts';
import type { GatewayContext, RawRequest } from './context.ts';
import { GatewayError } from './errors.ts';
import { contentEncoding, openBody } from './request-body.ts';

export const MAX_ENROLMENT_BYTES = 4096;

export interface EnrolmentAnswer {
  readonly site: string;
  /** Ed25519 public key of receipts, 32 bytes as base64url: the shipper pins it. */
  readonly receipt_key: string;
  /** Ed25519 public key of commands, likewise: the shipper pins the first it is given. Absent while there never was one. */
  readonly command_key?: string;
}

interface Enrolment {
  readonly site: string;
  readonly secret: string;
  readonly key: string;
  readonly box: Box | undefined;
}

/** First contact of a shipper. Durable when it resolves; the same key may enrol again with the same secret. */
export async function acceptEnrolment(context: GatewayContext, request: RawRequest): Promise<EnrolmentAnswer> {
  const { site, secret, key, box } = readEnrolment(openBody(request.body, contentEncoding(request.encoding), MAX_ENROLMENT_BYTES).bytes);
  const outcome = await context.sites.enrol(site, secret, key, context.clock(), box);
  switch (outcome) {
    case 'pinned':
      return { site, receipt_key: context.receipts.publicKey, ...commandKeyOf(context) };
    case 'unknown':
      throw new GatewayError('TQ-GATEWAY-07');
    case 'used':
    case 'replaced':
      throw new GatewayError('TQ-GATEWAY-08');
    default:
      return outcome satisfies never;
  }
}

/** As part of an answer. */
export function commandKeyOf({ sites }: GatewayContext): { readonly command_key?: string } {
  return sites.commandKey === undefined ? {} : { command_key: sites.commandKey };
}

function readEnrolment(bytes: Buffer): Enrolment {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString());
  } catch (error) {
    throw new GatewayError('TQ-GATEWAY-28', { cause: error });
  }
  const { site, secret, key, box_key: boxKey, mailbox_hash: mailboxHash }: Partial<Record<string, unknown>> = typeof value === 'object' ? { ...value } : {};
  if (!isName(site) || !is32Bytes(secret) || !is32Bytes(key)) throw new GatewayError('TQ-GATEWAY-28');
  if (boxKey === undefined && mailboxHash === undefined) return { site, secret, key, box: undefined };
  if (!is32Bytes(boxKey) || typeof mailboxHash !== 'string' || !/^[0-9a-f]{64}$/.test(mailboxHash) || !isBoxKey(Buffer.from(boxKey, 'base64url'))) throw new GatewayError('TQ-GATEWAY-28', { problem: 'box_key, mailbox_hash' });
  return { site, secret, key, box: { key: boxKey, mailbox_hash: mailboxHash } };
}

/** Canonical base64url only: another spelling of a key would be another key. */
function is32Bytes(text: unknown): text is string {
  return typeof text === 'string' && text.length === 43 && Buffer.from(text, 'base64url').toString('base64url') === text;
}
