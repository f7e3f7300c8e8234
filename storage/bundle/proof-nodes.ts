import { hashChildren } from '../../contracts/merkle.ts';
import { StorageError } from '../errors.ts';
import type { LeafProof } from './bundle-input.ts';

/**
 * A node of a tree. Node `index` of level L covers the leaves from `index * 2^L` to below `(index + 1) * 2^L`, at the
 * right edge those that there are; it is the root of exactly these leaves (RFC 6962, section 2.1).
 */
export interface ProofNode {
  readonly level: number;
  readonly index: number;
  /** 32 bytes. */
  readonly hash: Buffer;
}

/** The nodes of many proofs to one root, each once. */
export class ProofNodes {
  readonly #size: number;
  readonly #root: Buffer;
  readonly #levels: Map<number, Buffer>[] = [];
  /** Nodes that were found below the root, so that equal ways are hashed once. */
  readonly #known: Map<number, Buffer>[] = [];

  constructor({ size, root }: { readonly size: number; readonly root: Buffer }) {
    this.#size = size;
    this.#root = root;
  }

  /** Throws when the path has another length than the tree wants or does not lead to the root. */
  add(proof: LeafProof): this {
    if (!this.#addPath(proof)) throw new StorageError('bundleUnproven', `leaf ${proof.leaf}`);
    return this;
  }

  /** By level and index. */
  all(): readonly ProofNode[] {
    return this.#levels.flatMap((nodes, level) => [...nodes].toSorted(([a], [b]) => a - b).map(([index, hash]) => ({ level, index, hash })));
  }

  #addPath({ leaf, leafHash, path }: LeafProof): boolean {
    if (leaf >= this.#size) return false;
    const known = this.#known;
    const found: ProofNode[] = [];
    let [level, index, node, step] = [0, leaf, leafHash, 0];
    for (let width = this.#size; width > 1 && known[level]?.get(index) === undefined; width = Math.ceil(width / 2), level++, index = Math.floor(index / 2)) {
      found.push({ level, index, hash: node });
      const sibling = index % 2 === 1 ? index - 1 : index + 1;
      if (sibling >= width) continue;
      const other = path[step++];
      if (other === undefined) return false;
      at(this.#levels, level).set(sibling, other);
      found.push({ level, index: sibling, hash: other });
      node = index % 2 === 1 ? hashChildren(other, node) : hashChildren(node, other);
    }
    if (!(known[level]?.get(index) ?? this.#root).equals(node)) return false;
    for (const { level: of, index: number, hash } of found) at(known, of).set(number, hash);
    return true;
  }
}

function at(levels: Map<number, Buffer>[], level: number): Map<number, Buffer> {
  return (levels[level] ??= new Map());
}
