import type { ControlStream } from '../contracts/event-log.ts';
import type { Pack, Signature } from '../contracts/pack.ts';
import type { Stage, StageVersions } from '../contracts/stage.ts';

export interface Stages {
  readonly current: StageVersions;
  stageFor(versions: StageVersions): Promise<Stage>;
}

/**
 * The stage of the shipped pack, and of any pack that was ever used: each is sealed in the registry before its first
 * group, so that a group can be derived again after an upgrade with the very same signatures.
 */
export async function openStages(registry: ControlStream, pack: Pack, create: (pack: Pack) => Promise<Stage>): Promise<Stages> {
  await registry.claim(`pack/${pack.version}`, JSON.stringify({ type: 'pack', name: pack.name, version: pack.version, signatures: pack.signatures }));
  const current = await create(pack);
  const stages = new Map([[pack.version, current]]);
  return {
    current: current.versions,
    async stageFor(versions) {
      if (versions.derivation !== current.versions.derivation) throw new Error(`derivation v${versions.derivation} is not part of this version; finish its groups with the version that prepared them`);
      const known = stages.get(versions.pack) ?? (await create(await sealedPack(registry, versions.pack)));
      stages.set(versions.pack, known);
      return known;
    },
  };
}

async function sealedPack(registry: ControlStream, version: string): Promise<Pack> {
  let from = 0;
  for (;;) {
    const entries = await registry.read(from, 1000);
    const last = entries.at(-1);
    if (last === undefined) throw new Error(`the signature pack ${version} is not in the registry; restore the event log's directory from a backup`);
    from = last.offset + 1;
    const found = entries.find((e) => e.key === `pack/${version}`);
    if (found === undefined) continue;
    // Written by openStages above.
    const sealed = JSON.parse(found.value) as { readonly name: string; readonly signatures: readonly Signature[] };
    return { name: sealed.name, version, signatures: sealed.signatures };
  }
}
