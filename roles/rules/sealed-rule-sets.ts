import { hash } from 'node:crypto';
import type { ControlStream } from '../../contracts/event-log.ts';
import { openRuleSet } from './prepared-rule-set.ts';
import type { KnownSeals, PreparedRuleSet } from './prepared-rule-set.ts';

/** Characters of one registry entry: well below what a broker takes as one message. */
const PIECE_CHARS = 512 * 1024;
const READ_ENTRIES = 20;

export interface SealedRuleSet extends PreparedRuleSet {
  /** Offset of its seal: of two sets the one with the greater order came later into use. */
  readonly order: number;
}

/** The rule sets that ever were in use, in the registry: whole, so that any group can be derived again. */
export interface SealedRuleSets {
  known(): Promise<KnownSeals>;
  /** Durable when it resolves; a set that is sealed stays as it is. */
  seal(prepared: PreparedRuleSet): Promise<SealedRuleSet>;
  /** Rejects when there is none of this version. */
  read(version: string): Promise<SealedRuleSet>;
}

interface Seal {
  /** SHA-256 (hex) of the packed set, which its pieces are called by, and how many these are. */
  readonly of: string;
  readonly pieces: number;
  readonly order: number;
}

export function openSealedRuleSets(registry: ControlStream): SealedRuleSets {
  /** By version, in the order of the registry. */
  const seals = new Map<string, Seal>();
  /** Offsets by version, digest and number: the registry is read again for the few that are asked for. */
  const pieces = new Map<string, number>();
  let next = 0;

  async function refresh(): Promise<void> {
    for (;;) {
      const entries = await registry.read(next, READ_ENTRIES);
      for (const { offset, key, value } of entries) note(offset, key.split('/'), value);
      next = (entries.at(-1)?.offset ?? next - 1) + 1;
      if (entries.length < READ_ENTRIES) return;
    }
  }

  function note(order: number, [kind, version, piece]: readonly string[], value: string): void {
    if (kind !== 'rules' || version === undefined) return;
    // The first of a key counts: a stream may also show claims that lost.
    if (piece !== undefined) {
      if (!pieces.has(`${version}/${piece}`)) pieces.set(`${version}/${piece}`, order);
    } else if (!seals.has(version)) {
      // Written by `seal` below.
      seals.set(version, { ...(JSON.parse(value) as Omit<Seal, 'order'>), order });
    }
  }

  async function sealOf(version: string): Promise<Seal> {
    if (!seals.has(version)) await refresh();
    const seal = seals.get(version);
    if (seal === undefined) throw new Error(`the rule set ${version} is not in the registry; restore the event log's directory from a backup`);
    return seal;
  }

  async function pieceAt(offset: number | undefined): Promise<string> {
    const [entry] = offset === undefined ? [] : await registry.read(offset, 1);
    return entry?.value ?? '';
  }

  return {
    async known() {
      await refresh();
      return { versions: [...seals.keys()], last: [...seals.keys()].at(-1) };
    },
    async seal({ ruleSet, packed }) {
      // Two workers may compress otherwise: their pieces must not mix.
      const of = hash('sha256', packed);
      const count = Math.ceil(packed.length / PIECE_CHARS);
      for (let i = 0; i < count; i++) await registry.claim(`rules/${ruleSet.version}/${of}.${i}`, packed.slice(i * PIECE_CHARS, (i + 1) * PIECE_CHARS));
      await registry.claim(`rules/${ruleSet.version}`, JSON.stringify({ type: 'rules', of, pieces: count }));
      const { order } = await sealOf(ruleSet.version);
      return { ruleSet, packed, order };
    },
    async read(version) {
      const { of, pieces: count, order } = await sealOf(version);
      let packed = '';
      for (let i = 0; i < count; i++) packed += await pieceAt(pieces.get(`${version}/${of}.${i}`));
      // Its seal was made by who knew that the text is of this version.
      if (hash('sha256', packed) !== of) throw new Error(`the rule set ${version} in the registry is damaged; restore the event log's directory from a backup`);
      return { ...openRuleSet(packed), order };
    },
  };
}
