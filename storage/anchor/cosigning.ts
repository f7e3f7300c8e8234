import type { SignedCheckpoint } from './signed-checkpoint.ts';
import { WitnessRefusal } from './witness.ts';
import type { Witness } from './witness.ts';

export interface CosigningDeps {
  readonly witnesses: readonly Witness[];
  /** The note with further signatures, durably beside the checkpoint. */
  readonly keep: (checkpoint: SignedCheckpoint) => Promise<void>;
  readonly onProblem: (what: string, error: unknown) => void;
}

export interface Cosigning {
  /** Asks each witness that has not cosigned this size yet; one that fails holds up no other. Rejects when what they gave could not be kept. */
  cosign(checkpoint: SignedCheckpoint): Promise<void>;
  /** Names of witnesses whose cosignature of this size was kept. */
  of(size: number | undefined): readonly string[];
  /** Why witnesses refuse, until they cosign again. */
  refusals(): readonly string[];
}

export function createCosigning({ witnesses, keep, onProblem }: CosigningDeps): Cosigning {
  const cosigned = new Map<string, number>();
  const refused = new Map<string, string>();

  async function lineOf(witness: Witness, checkpoint: SignedCheckpoint): Promise<string | undefined> {
    if ((cosigned.get(witness.name) ?? -1) >= checkpoint.size) return undefined;
    try {
      const { line } = await witness.cosign(checkpoint);
      refused.delete(witness.name);
      return line;
    } catch (error) {
      if (error instanceof WitnessRefusal) refused.set(witness.name, error.message);
      onProblem('a witness did not cosign', error);
      return undefined;
    }
  }

  return {
    async cosign(checkpoint) {
      const lines = await Promise.all(witnesses.map(async (witness) => ({ name: witness.name, line: await lineOf(witness, checkpoint) })));
      const given = lines.filter(({ line }) => line !== undefined);
      if (given.length === 0) return;
      await keep({ ...checkpoint, note: checkpoint.note + given.map(({ line }) => line).join('') });
      for (const { name } of given) cosigned.set(name, checkpoint.size);
    },
    of: (size) => [...cosigned].filter(([, at]) => at === size).map(([name]) => name),
    refusals: () => [...refused.values()],
  };
}
