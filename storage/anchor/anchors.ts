import { DEPLOYMENT_SITE } from '../../contracts/names.ts';
import { createCosigning } from './cosigning.ts';
import { Exporter } from './exporter.ts';
import type { ExporterDeps } from './exporter.ts';
import { rollbackText } from './rollback.ts';
import type { SignedCheckpoint } from './signed-checkpoint.ts';
import type { TimeStamper } from './time-stamper.ts';
import type { Witness } from './witness.ts';

export interface AnchorsDeps extends ExporterDeps {
  readonly witnesses: readonly Witness[];
  readonly timeStamper?: TimeStamper;
  /** A cosigned note, durably beside the checkpoint. */
  readonly keepCosigned: (checkpoint: SignedCheckpoint) => Promise<void>;
}

export interface AnchorStatus {
  /** Sites with an exported checkpoint. */
  readonly sites: number;
  readonly rollbacks: number;
  /** Names of witnesses that cosigned the newest checkpoint they were asked for. */
  readonly witnesses: readonly string[];
  /** What someone must look into; empty when all is well. */
  readonly stuck: string;
}

export interface Anchors {
  /** Compares what was exported before with the store. Call it before the first `round`, until it resolves. */
  compare(): Promise<void>;
  /** Anchors what is new. Never rejects: what fails is told and tried again in the next round. */
  round(): Promise<void>;
  status(): AnchorStatus;
}

/** Sites' checkpoints go to the file and to receivers; the deployment log, which names them all, to witnesses and time stamps, too. */
export function createAnchors(deps: AnchorsDeps): Anchors {
  const { exportFile, receivers, timeStamper, nowMs, onProblem } = deps;
  const exporter = new Exporter(deps);
  const cosigning = createCosigning({
    witnesses: deps.witnesses, onProblem,
    async keep(checkpoint) {
      await deps.keepCosigned(checkpoint);
      await exportFile?.append([checkpoint], nowMs());
    },
  });
  const attempt = (what: string, work: () => Promise<void>): Promise<void> => work().catch((error: unknown) => onProblem(what, error));
  return {
    compare: () => exporter.compare(),
    async round() {
      await attempt('checkpoints could not be exported', () => exporter.exportNew());
      await attempt('the store could not be compared with what was exported', () => exporter.lookAgain());
      await Promise.all(receivers.map((receiver) => attempt('checkpoints could not be posted', () => receiver.send(nowMs()))));
      const newest = exporter.newestOf(DEPLOYMENT_SITE);
      if (newest === undefined) return;
      await attempt('a cosignature could not be kept', () => cosigning.cosign(newest));
      if (timeStamper !== undefined) await attempt('the checkpoint was not dated', () => timeStamper.stamp(newest));
    },
    status() {
      const { sites, rollbacks } = exporter;
      const stuck = [...rollbacks.map(rollbackText), ...cosigning.refusals()].join('; ');
      return { sites, rollbacks: rollbacks.length, witnesses: cosigning.of(exporter.newestOf(DEPLOYMENT_SITE)?.size), stuck };
    },
  };
}
