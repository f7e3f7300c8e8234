import { isName } from '../../contracts/names.ts';
import type { GatewayContext, RawRequest } from './context.ts';
import { GatewayError } from './errors.ts';
import { contentEncoding, openBody } from './request-body.ts';

const MAX_ENROLMENT_BYTES = 4096;

export interface EnrolmentAnswer {
  readonly site: string;
  /** Ed25519 public key of receipts, 32 bytes as base64url: the shipper pins it. */
  readonly receipt_key: string;
}

/** First contact of a shipper. Durable when it resolves; the same key may enrol again with the same secret. */
export async function acceptEnrolment(context: GatewayContext, request: RawRequest): Promise<EnrolmentAnswer> {
  const { site, secret, key } = readEnrolment(openBody(request.body, contentEncoding(request.encoding), MAX_ENROLMENT_BYTES).bytes);
  const outcome = await context.sites.enrol(site, secret, key, context.clock());
  switch (outcome) {
    case 'pinned':
      return { site, receipt_key: context.receipts.publicKey };
    case 'unknown':
      throw new GatewayError('TQ-GATEWAY-07');
    case 'used':
    case 'replaced':
      throw new GatewayError('TQ-GATEWAY-08');
    default:
      return outcome satisfies never;
  }
}

function readEnrolment(bytes: Buffer): { readonly site: string; readonly secret: string; readonly key: string } {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString());
  } catch (error) {
    throw new GatewayError('TQ-GATEWAY-28', { cause: error });
  }
  const { site, secret, key }: { readonly site?: unknown; readonly secret?: unknown; readonly key?: unknown } = value ?? {};
  if (!isName(site) || !is32Bytes(secret) || !is32Bytes(key)) throw new GatewayError('TQ-GATEWAY-28');
  return { site, secret, key };
}

/** Canonical base64url only: another spelling of a key would be another key. */
function is32Bytes(text: unknown): text is string {
  return typeof text === 'string' && text.length === 43 && Buffer.from(text, 'base64url').toString('base64url') === text;
}
