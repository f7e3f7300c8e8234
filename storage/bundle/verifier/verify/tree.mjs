import { sha256 } from './files.mjs';

/** RFC 6962, section 2.1, and the leaves of our trees. Every hash is 32 bytes. */

function hashChildren(left, right) {
  return sha256('\x01', left, right);
}

/** Of a stored line in its envelope. */
export function leafHash({ site, stream, epoch, receivedAtMs, provenance, derivation, seq, line }) {
  return sha256(`\0tourniquet/leaf/v1\n${site}\n${stream}\n${epoch}\n${receivedAtMs}\n${provenance}\n${derivation}\n${seq}\n`, line);
}

/**
 * Rows {level, index, hash} by "level/index". Node `index` of a level covers the leaves from `index * 2^level` to below
 * `(index + 1) * 2^level`, at the right edge those that there are.
 */
export function nodesOf(rows) {
  return new Map(rows.map(({ level, index, hash }) => [`${level}/${index}`, Buffer.from(hash, 'base64')]));
}

/** Whether a leaf leads to the root. `known`: nodes that were found below the root before; grows. */
export function leadsToRoot(leaf, hash, { size, root }, nodes, known) {
  if (!Number.isSafeInteger(leaf) || leaf < 0 || leaf >= size) return false;
  const path = [];
  let [level, index, node] = [0, leaf, hash];
  for (let width = size; width > 1 && !known.has(`${level}/${index}`); width = Math.ceil(width / 2)) {
    path.push([`${level}/${index}`, node]);
    const sibling = index % 2 === 1 ? index - 1 : index + 1;
    if (sibling < width) {
      const other = nodes.get(`${level}/${sibling}`);
      if (other === undefined) return false;
      path.push([`${level}/${sibling}`, other]);
      node = index % 2 === 1 ? hashChildren(other, node) : hashChildren(node, other);
    }
    [level, index] = [level + 1, Math.floor(index / 2)];
  }
  if (!(known.get(`${level}/${index}`) ?? root).equals(node)) return false;
  for (const [at, value] of path) known.set(at, value);
  return true;
}

/** RFC 9162, section 2.1.4.2. */
export function isConsistent(older, newer, proof) {
  if (older.size === newer.size) return proof.length === 0 && older.root.equals(newer.root);
  if (older.size === 0 || older.size > newer.size) return false;
  const [first, ...rest] = Number.isInteger(Math.log2(older.size)) ? [older.root, ...proof] : proof;
  let [fn, sn] = [older.size - 1, newer.size - 1];
  const up = () => ([fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)]);
  while (fn % 2 === 1) up();
  let [oldRoot, newRoot] = [first, first];
  for (const node of rest) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      [oldRoot, newRoot] = [hashChildren(node, oldRoot), hashChildren(node, newRoot)];
      while (fn % 2 === 0 && fn !== 0) up();
    } else newRoot = hashChildren(newRoot, node);
    up();
  }
  return first !== undefined && sn === 0 && oldRoot.equals(older.root) && newRoot.equals(newer.root);
}
