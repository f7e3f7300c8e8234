import type { ScopeReport } from '../contracts/scope.ts';
import { loadNative } from '../detect/native/binding.ts';
import type { BundleStatement } from '../storage/bundle/bundle-input.ts';
import { writeToDirectory } from '../storage/bundle/directory-sink.ts';
import { readBundle } from '../storage/bundle/read-bundle.ts';
import { writeBundle } from '../storage/bundle/write-bundle.ts';
import type { WrittenBundle } from '../storage/bundle/write-bundle.ts';
import { createLedgerReader } from '../storage/ledger/ledger-reader.ts';
import type { Config } from './config/config.ts';
import { connectKeys, readingClient, requireRunning, storageAccess } from './connections.ts';
import type { Home } from './home.ts';
import { sealedSets } from './hunt/rule-versions.ts';

export interface ScopeBundle {
  readonly config: Config;
  readonly home: Home;
  readonly report: ScopeReport;
  /** Not there yet, or empty. */
  readonly directory: string;
  readonly statement?: BundleStatement;
}

/** Writes the evidence bundle of a scope, with the compliance secret of this home. The caller puts the act on the trail before. */
export async function writeScopeBundle({ config, home, report, directory, statement }: ScopeBundle): Promise<WrittenBundle> {
  requireRunning(config, home, 'storage');
  requireRunning(config, home, 'keys');
  const keys = await connectKeys(config, home, 'compliance');
  const announced = await keys.checkpointVerifiers();
  const native = await loadNative();
  await using client = readingClient(await storageAccess(config, home, 'reader'));
  await using sets = sealedSets(config, home);
  const ledger = createLedgerReader({ client, keys: async () => announced, append: (frontier, leaves) => native.append(frontier, leaves) });
  return await writeToDirectory(directory, async (sink) => writeBundle(await readBundle({ client, ledger, keys, ruleSet: sets.read }, report, statement), sink));
}
