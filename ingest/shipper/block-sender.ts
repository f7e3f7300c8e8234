import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';
import { detectFormat } from '../formats/formats.ts';
import { blockContents } from './block-content.ts';
import type { BlockContent, BlockLimits } from './block-content.ts';
import { buildBlock, NEW_CHAIN } from './build-block.ts';
import type { BlockOptions, ChainSigner } from './build-block.ts';
import type { GatewayClient } from './gateway-client.ts';
import { acknowledged, readJournal, writeJournal } from './journal.ts';
import type { JournalState, PendingBlock } from './journal.ts';
import type { FileMark } from './file-mark.ts';
import { checkReceipt } from './receipt-check.ts';
import type { Source } from './source.ts';
export type { SendResult } from './send-result.ts';
import { addBlock, NOTHING_SENT } from './send-result.ts';
import type { SendOptions, SendResult } from './send-result.ts';
import { sourceLines } from './source-lines.ts';

const compress = promisify(zstdCompress);

/** What holds after each: built, nothing; journalled, the bytes survive a crash; sent, the gateway may have them; acknowledged, it has them; settled, nothing is pending on disk. */
export type Step = 'built' | 'journalled' | 'sent' | 'acknowledged' | 'settled';

export interface BlockSenderOptions {
  /** The journal. */
  readonly path: string;
  readonly signer: ChainSigner;
  readonly client: GatewayClient;
  readonly commit?: BlockOptions['commit'];
  readonly onStep?: (step: Step) => void;
}

const LIMITS: BlockLimits = { lines: 1000, bytes: 512 * 1024 };
const SAMPLE_BYTES = 64 * 1024;
const BLOCK_HEADERS = { 'content-type': 'application/octet-stream', 'content-encoding': 'zstd' };
const ZSTD = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** Sends contents as one chain, a block at a time; while one is on its way the next is read, built and compressed. */
export class BlockSender {
  readonly #options: BlockSenderOptions;
  /** As on disk, or ahead of it by one acknowledgement. */
  #state: JournalState;

  private constructor(options: BlockSenderOptions, state: JournalState) {
    this.#options = options;
    this.#state = state;
  }

  static async open(options: BlockSenderOptions): Promise<BlockSender> {
    return new BlockSender(options, (await readJournal(options.path)) ?? { chain: NEW_CHAIN, marks: [] });
  }

  get marks(): readonly FileMark[] {
    return this.#state.marks;
  }

  /** Sends the block that an earlier run left, byte for byte. */
  async resend(receiptKey: string, signal: AbortSignal | undefined): Promise<SendResult> {
    const { pending } = this.#state;
    if (pending === undefined) return NOTHING_SENT;
    const deadLetters = await this.#deliver(pending, receiptKey, signal);
    await this.#settle();
    return { ...NOTHING_SENT, events: pending.header.lines - deadLetters, deadLetters, blocks: 1, resentBlocks: 1 };
  }

  async send(source: Source, before: SendResult, receiptKey: string, options: SendOptions): Promise<SendResult> {
    let result: SendResult = { ...before, totalBytes: source.totalBytes, alreadySentBytes: source.offset };
    let offset = source.offset;
    let onItsWay: Promise<void> | undefined;

    const deliver = async (content: BlockContent, pending: PendingBlock): Promise<void> => {
      const deadLetters = await this.#deliver(pending, receiptKey, options.signal);
      result = addBlock(result, content, deadLetters);
      options.onProgress?.(result);
    };

    try {
      for await (const content of await contentsOf(source, options)) {
        offset += content.sourceBytes;
        const pending = await this.#build(content, await source.mark(offset));
        await onItsWay;
        onItsWay = undefined;
        await this.#journal(pending);
        onItsWay = deliver(content, pending);
        // Its failure is thrown where it is awaited.
        onItsWay.catch(() => undefined);
      }
      await onItsWay;
    } catch (cause) {
      await onItsWay?.catch(() => undefined);
      throw cause;
    }
    if (result.blocks > before.blocks) await this.#settle();
    return result;
  }

  /** The chain's tip is behind the block on its way: what that block's acknowledgement will make the state. */
  async #build(content: BlockContent, mark: FileMark | undefined): Promise<PendingBlock> {
    const { signer, commit } = this.#options;
    const { chain, checkpoint } = acknowledged(this.#state, undefined);
    const { header, body } = buildBlock(signer, chain, content.lines, {
      ...(commit === undefined ? {} : { commit }),
      ...(checkpoint === undefined ? {} : { seenCheckpoint: checkpoint }),
    });
    const bytes = await compress(body, ZSTD);
    this.#step('built');
    return { header, bytes, ...(mark === undefined ? {} : { mark }) };
  }

  async #journal(pending: PendingBlock): Promise<void> {
    const next = { ...this.#state, pending };
    await writeJournal(this.#options.path, next);
    this.#state = next;
    this.#step('journalled');
  }

  /** Returns the dead letters. Afterwards the state, not yet the disk, says that the block is acknowledged. */
  async #deliver(pending: PendingBlock, receiptKey: string, signal: AbortSignal | undefined): Promise<number> {
    const body = new Uint8Array(pending.bytes);
    const answer = await this.#options.client.post('/v1/blocks', body, BLOCK_HEADERS, signal);
    this.#step('sent');
    const { receipt, checkpoint } = checkReceipt(answer, pending.header, receiptKey);
    this.#state = acknowledged(this.#state, checkpoint);
    this.#step('acknowledged');
    return receipt.dead_letters;
  }

  async #settle(): Promise<void> {
    await writeJournal(this.#options.path, this.#state);
    this.#step('settled');
  }

  #step(step: Step): void {
    this.#options.onStep?.(step);
  }
}

async function contentsOf(source: Source, options: SendOptions): Promise<AsyncIterable<BlockContent>> {
  const chunks = source.chunks[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  if (options.format === 'auto') await sample(chunks, first);
  const format = options.format === 'auto' ? detectFormat(Buffer.concat(first).toString('utf8', 0, SAMPLE_BYTES)) : options.format;
  return blockContents(sourceLines(chunksAfter(first, chunks), options.final ?? source.isStream), format, LIMITS, options.zone);
}

async function sample(chunks: AsyncIterator<Uint8Array>, into: Uint8Array[]): Promise<void> {
  for (let bytes = 0; bytes < SAMPLE_BYTES;) {
    const { done, value } = await chunks.next();
    if (done === true) return;
    into.push(value);
    bytes += value.length;
    if (value.includes(0x0a)) return;
  }
}

async function* chunksAfter(first: readonly Uint8Array[], chunks: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* first;
  for (;;) {
    const { done, value } = await chunks.next();
    if (done === true) return;
    yield value;
  }
}
