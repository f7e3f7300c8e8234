import { certificateHolds, parseBlockHeader, signedText } from '../../contracts/block.ts';
import type { BlockHeader } from '../../contracts/block.ts';
import { MAX_BLOCK_BYTES } from '../../contracts/limits.ts';
import type { LineInspector } from '../../contracts/line-inspector.ts';
import type { SiteRegister } from '../sites/site-register.ts';
import { ed25519Holds } from './ed25519.ts';
import { GatewayError } from './errors.ts';

/** A header with every field at its longest takes a quarter of this. */
export const MAX_HEADER_BYTES = 4096;

export interface ReadBlock {
  readonly header: BlockHeader;
  /** The lines after the header line. */
  readonly lines: Buffer;
}

/** Splits a decompressed body. Nothing of it is believed yet. */
export function readBlock(bytes: Buffer): ReadBlock {
  const end = bytes.subarray(0, MAX_HEADER_BYTES).indexOf(0x0a);
  if (end < 0) throw new GatewayError('TQ-GATEWAY-21', { problem: `no line feed in its first ${MAX_HEADER_BYTES} bytes` });
  const parsed = parseBlockHeader(bytes.toString('utf8', 0, end));
  if (!parsed.ok) throw new GatewayError('TQ-GATEWAY-21', { problem: parsed.problem });
  const lines = bytes.subarray(end + 1);
  if (lines.length > MAX_BLOCK_BYTES) throw new GatewayError('TQ-GATEWAY-15');
  return { header: parsed.header, lines };
}

/**
 * Whether the site's register lets the key sign, and the signature holds. Throws what the client did wrong; true when the
 * key must be registered as successor before the block is acknowledged.
 */
export async function checkSigner(sites: SiteRegister, header: BlockHeader): Promise<boolean> {
  const verdict = await sites.judgeFresh(header.site, header);
  if (verdict === 'unknown') throw new GatewayError('TQ-GATEWAY-04');
  if (verdict === 'retired') throw new GatewayError('TQ-GATEWAY-05');
  if (verdict === 'introduces' && (header.certificate === undefined || !certificateHolds(header.site, header.certificate))) throw new GatewayError('TQ-GATEWAY-25');
  if (!signatureHolds(header)) throw new GatewayError('TQ-GATEWAY-06');
  return verdict !== 'accepted';
}

function signatureHolds(header: BlockHeader): boolean {
  return ed25519Holds(Buffer.from(header.key, 'base64url'), Buffer.from(signedText(header)), Buffer.from(header.signature, 'base64url'));
}

/** Framing, count and chain, in one call over all lines. Returns how many lines cannot become events. */
export function checkLines(inspector: LineInspector, { header, lines }: ReadBlock): number {
  const inspected = inspector.inspect(lines, Buffer.from(header.previous_head, 'base64url'));
  if (inspected.brokenLine >= 0) throw new GatewayError('TQ-GATEWAY-22', { line: inspected.brokenLine });
  if (inspected.lines !== header.lines) throw new GatewayError('TQ-GATEWAY-23');
  if (!inspected.head.equals(Buffer.from(header.head, 'base64url'))) throw new GatewayError('TQ-GATEWAY-24');
  return inspected.rejected;
}
