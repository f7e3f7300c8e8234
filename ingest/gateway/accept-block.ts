import type { BlockHeader } from '../../contracts/block.ts';
import { MAX_BLOCK_BYTES } from '../../contracts/limits.ts';
import type { RecordHead } from '../../contracts/log-record.ts';
import type { Receipt } from '../../contracts/receipt.ts';
import { checkLines, checkSigner, readBlock } from './chained-block.ts';
import { takeRate } from './accept-lines.ts';
import type { GatewayContext, RawRequest } from './context.ts';
import { GatewayError } from './errors.ts';
import { compress } from './record-writer.ts';
import { contentEncoding, openBody } from './request-body.ts';

/** Room for the header line beside the lines. */
const MAX_OPENED_BYTES = MAX_BLOCK_BYTES + 64 * 1024;

export interface BlockAnswer {
  readonly receipt: Receipt;
  /** The newest checkpoint of the site, as a signed note. */
  readonly checkpoint?: string;
}

/**
 * Takes one chained block. Resolves once it is durable; rejects with what the client did wrong, or with the log's
 * error, after which the block may be durable or not. A repeat is taken again: the worker stores it once.
 */
export async function acceptBlock(context: GatewayContext, request: RawRequest): Promise<BlockAnswer> {
  const encoding = contentEncoding(request.encoding);
  request.ticket.needRoom(MAX_OPENED_BYTES);
  const opened = openBody(request.body, encoding, MAX_OPENED_BYTES);
  request.ticket.grow(opened.bytes.length);
  const block = readBlock(opened.bytes);
  const { header } = block;
  const succeeds = await checkSigner(context.sites, header);
  takeRate(context, header.site, header.lines, opened.bytes.length);
  const deadLetters = checkLines(context.inspector, block);
  const receivedAt = context.clock();
  // Before the block: once the shipper holds the receipt it erases the key before, so the successor must stand by then.
  if (succeeds && !(await context.sites.registerSuccessor(header.site, header, receivedAt))) throw new GatewayError('TQ-GATEWAY-05');
  const head = chainedHead(header, opened.bytes.length, receivedAt);
  await context.writer.write(head, opened.zstd ?? compress(opened.bytes));
  if (header.seen_checkpoint !== undefined) context.onEcho?.(header.site, header.seen_checkpoint);
  context.metrics.taken('plugin', header.lines, opened.bytes.length, deadLetters);
  const { site, stream, epoch, first_seq, lines } = header;
  const receipt = await context.receipts.sign({ site, stream, epoch, first_seq, lines, head: header.head, received_at: receivedAt, dead_letters: deadLetters });
  const checkpoint = context.checkpointFor?.(header.site);
  return checkpoint === undefined ? { receipt } : { receipt, checkpoint };
}

function chainedHead(header: BlockHeader, bytes: number, receivedAt: number): RecordHead {
  const { site, stream, lines, epoch, first_seq, previous_head, head } = header;
  return {
    v: 1, site, stream, provenance: 'plugin', received_at: receivedAt, framing: 'chained', codec: 'zstd', lines, bytes,
    chain: { epoch, first_seq, previous_head, head },
  };
}
