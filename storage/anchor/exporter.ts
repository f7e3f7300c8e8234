import type { NoteVerifier } from '../../contracts/checkpoint.ts';
import { DEPLOYMENT_SITE } from '../../contracts/names.ts';
import { readExportFile } from './export-file.ts';
import type { ExportFile } from './export-file.ts';
import type { Receiver } from './receiver.ts';
import { rollbackOf, rollbackText } from './rollback.ts';
import type { Rollback } from './rollback.ts';
import { openCheckpoint } from './signed-checkpoint.ts';
import type { SignedCheckpoint } from './signed-checkpoint.ts';
import type { StoredCheckpoints } from './stored-checkpoints.ts';

export interface ExporterDeps {
  readonly stored: StoredCheckpoints;
  /** Of all announced checkpoint keys. */
  readonly verifiers: () => Promise<readonly NoteVerifier[]>;
  /** None when the settings switch the file off. `path` is read at start. */
  readonly exportFile?: ExportFile & { readonly path: string };
  readonly receivers: readonly Receiver[];
  /** Puts a finding on the trail, durably. */
  readonly report: (rollback: Rollback) => Promise<void>;
  readonly nowMs: () => number;
  readonly onProblem: (what: string, error: unknown) => void;
}

/** A round exports so many sites at most; the rest waits for the next. */
const MOST_OF_A_ROUND = 1_000;
/** Sites of which a round looks whether the store still has what was exported. */
const LOOKS_OF_A_ROUND = 20;
/** How far back a round looks for new checkpoints: rows may come late to a replica, and workers' clocks differ. */
const LOOK_BACK_MS = 86_400_000;

/** Exports what grew, and looks whether the store still has what was exported before. */
export class Exporter {
  readonly #deps: ExporterDeps;
  /** The largest checkpoint of each site that was exported. */
  readonly #exported = new Map<string, SignedCheckpoint>();
  readonly #rollbacks = new Map<string, Rollback>();
  #lookedAtMs = 0;
  #turn = 0;

  constructor(deps: ExporterDeps) {
    this.#deps = deps;
  }

  get sites(): number {
    return this.#exported.size;
  }

  /** Of each site the last. */
  get rollbacks(): readonly Rollback[] {
    return [...this.#rollbacks.values()];
  }

  newestOf(site: string): SignedCheckpoint | undefined {
    return this.#exported.get(site);
  }

  /** Holds what was exported in earlier lives against the store. */
  async compare(): Promise<void> {
    const { exportFile, onProblem } = this.#deps;
    if (exportFile === undefined) return;
    const read = await readExportFile(exportFile.path, await this.#deps.verifiers());
    if (read.unsigned > 0) onProblem('the export file has lines that no key of this deployment signed', undefined);
    for (const [site, checkpoint] of read.newest) {
      this.#exported.set(site, checkpoint);
      await this.#lookFor(checkpoint);
    }
  }

  /** Exports and hands to receivers what grew. Rejects when it could not be exported; the next call does it again. */
  async exportNew(): Promise<void> {
    const { stored, exportFile, receivers, nowMs } = this.#deps;
    const startMs = nowMs();
    const found = await this.#signed(await stored.newest(this.#lookedAtMs === 0 ? 0 : this.#lookedAtMs - LOOK_BACK_MS));
    for (const checkpoint of found) await this.#looksBack(checkpoint);
    const grown = found.filter(({ site, size }) => size > (this.#exported.get(site)?.size ?? -1));
    // The deployment's own log first: it vouches for what all others had published.
    const mine = grown.toSorted((a, b) => Number(b.site === DEPLOYMENT_SITE) - Number(a.site === DEPLOYMENT_SITE)).slice(0, MOST_OF_A_ROUND);
    await exportFile?.append(mine, startMs);
    for (const receiver of receivers) receiver.add(found);
    for (const checkpoint of mine) this.#exported.set(checkpoint.site, checkpoint);
    // What did not fit must be found again, however long ago it was signed.
    if (mine.length === grown.length) this.#lookedAtMs = startMs;
  }

  /** Looks again at some of what was exported, in turns: rows may vanish while nothing new comes. */
  async lookAgain(): Promise<void> {
    const all = [...this.#exported.values()];
    const next = Array.from({ length: Math.min(LOOKS_OF_A_ROUND, all.length) }, (_, i) => all[(this.#turn + i) % all.length]);
    this.#turn = all.length === 0 ? 0 : (this.#turn + next.length) % all.length;
    for (const checkpoint of new Set([this.#exported.get(DEPLOYMENT_SITE), ...next])) if (checkpoint !== undefined) await this.#lookFor(checkpoint);
  }

  /** Those that a key of ours signed. A forged one could be of any size, and keep those that follow from being exported. */
  async #signed(found: readonly SignedCheckpoint[]): Promise<readonly SignedCheckpoint[]> {
    const verifiers = await this.#deps.verifiers();
    const signed: SignedCheckpoint[] = [];
    for (const row of found) {
      const opened = openCheckpoint(row.note, verifiers);
      if (opened?.site === row.site && opened.size === row.size && opened.root === row.root) signed.push(opened);
      else await this.#tell({ site: row.site, kind: 'forged', size: row.size, root: row.root, source: 'store' });
    }
    return signed;
  }

  /** The store's largest is smaller than what was exported, or has another root. */
  async #looksBack(found: SignedCheckpoint): Promise<void> {
    const before = this.#exported.get(found.site);
    if (before !== undefined && (found.size < before.size || (found.size === before.size && found.root !== before.root))) await this.#lookFor(before);
  }

  async #lookFor(exported: SignedCheckpoint): Promise<void> {
    const rollback = await rollbackOf(this.#deps.stored, exported, 'export-file');
    if (rollback !== undefined) await this.#tell(rollback);
  }

  async #tell(rollback: Rollback): Promise<void> {
    const known = this.#rollbacks.get(rollback.site);
    if (known !== undefined && known.size === rollback.size && known.kind === rollback.kind) return;
    this.#deps.onProblem(rollbackText(rollback), undefined);
    await this.#deps.report(rollback);
    this.#rollbacks.set(rollback.site, rollback);
  }
}
