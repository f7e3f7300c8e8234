import type { RegexNode } from './regex-node.ts';
import { RegexError, sequence } from './regex-node.ts';

/** A back-reference as it was written: a group's number or name. */
export interface Reference {
  readonly name: string;
  readonly at: number;
}

/**
 * Gives each back-reference its group and drops the groups that none names. A reference is supported where its group has
 * surely been matched before it, once: only there PCRE and JavaScript agree on what it stands for.
 */
export function resolveReferences(node: RegexNode, references: readonly Reference[], names: ReadonlyMap<string, number>, groups: number): RegexNode {
  const targets = references.map(({ name, at }) => {
    const index = names.get(name) ?? Number(name);
    if (!(index >= 1 && index <= groups)) throw new RegexError(`there is no group ${name}`, at);
    return index;
  });
  return resolve(node, new Set<number>(), { references, targets, used: new Set(targets) }, true);
}

interface Resolution {
  readonly references: readonly Reference[];
  readonly targets: readonly number[];
  readonly used: ReadonlySet<number>;
}

/** `done`: groups that were surely matched before `node`; those of `node` are added when it is `certain` to be matched once. */
function resolve(node: RegexNode, done: Set<number>, resolution: Resolution, certain: boolean): RegexNode {
  switch (node.kind) {
    case 'set':
    case 'assert':
      return node;
    case 'sequence':
      return sequence(node.of.map((one) => resolve(one, done, resolution, certain)));
    case 'either':
      return { kind: 'either', of: node.of.map((one) => resolve(one, new Set(done), resolution, false)) };
    case 'repeat':
    case 'look':
      return { ...node, of: resolve(node.of, new Set(done), resolution, false) };
    case 'group': {
      const of = resolve(node.of, done, resolution, certain);
      if (certain) done.add(node.index);
      return resolution.used.has(node.index) ? { kind: 'group', index: node.index, of } : of;
    }
    case 'reference': {
      const target = resolution.targets[node.index];
      const written = resolution.references[node.index];
      if (target === undefined || written === undefined || !done.has(target)) {
        throw new RegexError('a back-reference to a group that need not have been matched, or may be matched often, is not supported', written?.at ?? 0);
      }
      return { kind: 'reference', index: target };
    }
    default:
      return node satisfies never;
  }
}
