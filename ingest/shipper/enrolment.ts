import { ed25519PublicKey } from '../../contracts/block.ts';
import { parseEnrolment } from '../../contracts/site.ts';
import { ShipperError } from './errors.ts';
import { member } from './json-member.ts';
import type { GatewayClient } from './gateway-client.ts';
import { saveIdentity, secretHash } from './identity.ts';
import type { Identity } from './identity.ts';

export type EnrolledIdentity = Required<Identity>;

export interface Enrolment {
  readonly secret: string;
  readonly gatewayUrl: string;
}

export function readEnrolment(line: string, site: string): Enrolment {
  const enrolment = parseEnrolment(line);
  if (enrolment === undefined || enrolment.site !== site) throw new ShipperError('TQ-SHIPPER-03');
  return enrolment;
}

/**
 * First contact, or again with a new line: pins our key at the gateway and the gateway's receipt key here. Repeating it
 * after a crash in between is harmless: the gateway answers the same key the same.
 */
export async function enrol(
  request: { readonly directory: string; readonly site: string; readonly publicKey: string; readonly identity: Identity; readonly enrolment: Enrolment; readonly gatewayUrl: string },
  client: GatewayClient,
  signal: AbortSignal | undefined,
): Promise<EnrolledIdentity> {
  const { site, enrolment, identity } = request;
  const body = Buffer.from(JSON.stringify({ site, secret: enrolment.secret, key: request.publicKey }));
  const answer = await client.post('/v1/enrol', body, { 'content-type': 'application/json' }, signal);
  const receiptKey = typeof answer === 'object' && answer !== null ? member(answer, 'receipt_key') : undefined;
  if (typeof receiptKey !== 'string' || !isPublicKey(receiptKey)) throw new ShipperError('TQ-SHIPPER-07', { detail: 'no receipt_key in the answer to the enrolment' });
  const enrolled = { gatewayUrl: request.gatewayUrl, receiptKey, secretHash: secretHash(enrolment.secret) };
  await saveIdentity(request.directory, { seed: identity.seed, enrolled });
  return { seed: identity.seed, enrolled };
}

function isPublicKey(text: string): boolean {
  if (!/^[A-Za-z0-9_-]{43}$/.test(text)) return false;
  try {
    ed25519PublicKey(text);
    return true;
  } catch {
    return false;
  }
}
