/** Types of tree.mjs. Hashes are 32 bytes. */
export type Nodes = Map<string, Buffer>;

export function nodesOf(rows: readonly { readonly level: number; readonly index: number; readonly hash: string }[]): Nodes;
export function leadsToRoot(leaf: number, hash: Buffer, checkpoint: { readonly size: number; readonly root: Buffer }, nodes: Nodes, known: Nodes): boolean;
export function isConsistent(older: { readonly size: number; readonly root: Buffer }, newer: { readonly size: number; readonly root: Buffer }, proof: readonly Buffer[]): boolean;
