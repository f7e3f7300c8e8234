import type { KeyObject } from 'node:crypto';
import { constants, zstdCompressSync } from 'node:zlib';
import { buildBlock, chainSigner, NEW_CHAIN } from '../ingest/shipper/build-block.ts';
import type { ChainState } from '../ingest/shipper/build-block.ts';
import { referenceLines, REFERENCE_LOAD } from './reference-events.ts';

export interface BlocksOrder {
  readonly site: string;
  readonly stream: string;
  readonly privateKey: KeyObject;
  readonly blocks: number;
  readonly linesPerBlock: number;
  readonly seed: number;
}

const ZSTD = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** The blocks of one stream in order, from the start of its chain: signed and zstd compressed, as shippers send them. */
export function* signedBlocks(order: BlocksOrder): Generator<Buffer> {
  const signer = chainSigner(order.site, order.stream, order.privateKey);
  const source = referenceLines({ ...REFERENCE_LOAD, seed: order.seed }, Date.now());
  let chain: ChainState = NEW_CHAIN;
  for (let i = 0; i < order.blocks; i++) {
    const lines = Array.from({ length: order.linesPerBlock }, () => Buffer.from(source.next().value.line));
    const { body, next } = buildBlock(signer, chain, lines);
    chain = next;
    yield zstdCompressSync(body, ZSTD);
  }
}
