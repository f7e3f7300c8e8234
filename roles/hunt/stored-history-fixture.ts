import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { CommitRecord } from '../../contracts/control.ts';
import { formatFrontier } from '../../contracts/merkle.ts';
import type { Observation } from '../../contracts/observation.ts';
import type { Provenance } from '../../contracts/provenance.ts';
import type { Stage } from '../../contracts/stage.ts';
import type { GroupRange } from '../../contracts/store.ts';
import { createGroupStore } from '../../storage/client/group-store.ts';
import { defaultStorageConfig } from '../../storage/config.ts';
import { startStorage } from '../../storage/engine/storage.ts';
import type { StorageAccess } from '../connections.ts';

/** Lines that came to a site at one time. */
export interface Arrival {
  readonly site: string;
  readonly receivedAtMs: number;
  readonly lines: readonly string[];
  readonly provenance?: Provenance;
}

/** A store that holds what a stage made of what came: rows and commits as a worker writes them. */
export interface StoredHistory extends AsyncDisposable {
  readonly access: StorageAccess;
  readonly directory: string;
  /** Stages all as one group, in order, within one month; gives what the second stage is told. */
  store(stage: Stage, arrivals: readonly Arrival[]): Promise<readonly Observation[]>;
  /** A file in the directory. */
  file(name: string, text: string): string;
}

export async function openStoredHistory(): Promise<StoredHistory> {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'tourniquet-history-'));
  const storage = await startStorage({ directory: path.join(directory, 'storage'), host: '127.0.0.1', port: 0, writerPassword: 'w', readerPassword: 'r', config: defaultStorageConfig() });
  const store = createGroupStore({ url: storage.url, user: 'writer', password: 'w' });
  const sizes = new Map<string, number>();
  let position = 0;
  return {
    access: { url: storage.url, user: 'reader', password: 'r' },
    directory,
    async store(stage, arrivals) {
      const observations: Observation[] = [];
      const group = stage.begin();
      const first = position;
      for (const { site, receivedAtMs, lines, provenance = 'plugin' } of arrivals) {
        const firstLeaf = sizes.get(site) ?? 0;
        const outcome = group.add({
          site, stream: 'audit', epoch: 1, firstSeq: firstLeaf, skipLines: 0, receivedAtMs, provenance, partition: 0, position: position++, firstLeaf,
          body: Buffer.from(lines.map((line) => `${line}\n`).join('')), nonces: false, rejects: new Map(),
          keys: { site, epoch: 1, token: Buffer.alloc(32, 1), deadLetter: Buffer.alloc(32, 2) },
        });
        observations.push(...outcome.observations);
        sizes.set(site, firstLeaf + outcome.stored);
      }
      const range = { partition: 0, first, last: position - 1 };
      for (const rows of group.finish()) await store.insert(`0/${first}/${rows.table}/${rows.tier}`, rows, { kind: 'uncommitted', range });
      await store.recordCommit(commitOf(range, stage, sizes));
      return observations;
    },
    file(name, text) {
      writeFileSync(path.join(directory, name), text);
      return path.join(directory, name);
    },
    async [Symbol.asyncDispose]() {
      await store.close();
      await storage.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** The part of a commit record that the store keeps; of the trees only the sizes are true. */
function commitOf(range: GroupRange, { versions }: Stage, sizes: ReadonlyMap<string, number>): CommitRecord {
  const treeOf = (size: number): string => formatFrontier({ size, hashes: [...size.toString(2)].filter((bit) => bit === '1').map(() => Buffer.alloc(32)) });
  const sites = Object.fromEntries(Array.from(sizes, ([site, size]) => [site, { tree: treeOf(size), streams: {}, root: '' }]));
  return { type: 'commit', ...range, committed_at: 0, versions, received_from: 0, received_to: 0, rows: {}, duplicates: 0, sites };
}
