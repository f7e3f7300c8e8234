import type { ClickHouseClient } from '@clickhouse/client';
import { verifiersAt } from '../../contracts/announced-key.ts';
import { leafHash } from '../../contracts/leaf.ts';
import { parseNote } from '../../contracts/checkpoint.ts';
import type { BundleKeys, PublicKeys } from '../../contracts/keys.ts';
import { DEPLOYMENT_SITE } from '../../contracts/names.ts';
import type { RuleSet } from '../../contracts/rule-set.ts';
import type { ScopeReport } from '../../contracts/scope.ts';
import { StorageError } from '../errors.ts';
import type { LedgerReader } from '../ledger/ledger-reader.ts';
import { jsonRows } from '../verify/json-rows.ts';
import type { BundleInput, BundleStatement, DeploymentEntry } from './bundle-input.ts';
import { evidenceLeaves } from './bundle-input.ts';
import { storedBatches } from './stored-batches.ts';
import { storedEvidence, storedExpiries } from './stored-evidence.ts';

export interface BundleSources {
  /** A client of the store whose user may read. */
  readonly client: ClickHouseClient;
  readonly ledger: Pick<LedgerReader, 'checkpoint' | 'provenLeaves' | 'consistencyProof'>;
  readonly keys: BundleKeys & PublicKeys;
  /** The sealed rule set of a version. */
  readonly ruleSet: (version: string) => Promise<RuleSet>;
}

/** All that goes into the bundle of a scope, lines with their proofs and batches as they are asked for. */
export async function readBundle({ client, ledger, keys, ruleSet }: BundleSources, report: ScopeReport, statement?: BundleStatement): Promise<BundleInput> {
  const { site } = report.request;
  const [computed, newest] = await Promise.all([ledger.checkpoint(site, report.treeSize), ledger.checkpoint(site)]);
  if (computed === undefined || newest === undefined) throw new StorageError('bundleCheckpoint');
  const [checkpointKeys, expiry, epoch] = await Promise.all([keys.checkpointVerifiers(), keys.expiryVerifier(), keys.newestEpoch()]);
  const [consistency, deploymentEntry, ruleSets] = await Promise.all([
    ledger.consistencyProof(site, computed.size, newest.size),
    deploymentEntryOf(client, ledger, site, [computed.size, newest.size]),
    Promise.all(report.rules.map(({ version }) => ruleSet(version))),
  ]);
  return {
    deployment: deploymentOf(computed.note), report, computed, newest, consistency, deploymentEntry, ruleSets, statement,
    evidence: storedEvidence({ client, ledger, verifiers: verifiersAt(checkpointKeys) }, site, evidenceLeaves(report), computed.size),
    expiries: (ids) => storedExpiries(client, ids),
    batches: storedBatches(client, site, report.treeSize, report.coverage),
    keys: { checkpoint: checkpointKeys, expiry },
    notice: { epoch, key: await keys.noticeKey(site, epoch) },
    sign: (body) => keys.signStatement('bundle', site, body),
  };
}

/** Of a checkpoint's origin, `<deployment>/<site>`. */
function deploymentOf(note: string): string {
  return parseNote(note)?.text.split('/', 1)[0] ?? '';
}

/** By the store's clock a line may have come a little before the time that the keys role signed with. */
const NAMING = `
  SELECT leaf, JSONExtractUInt(arrayJoin(JSONExtractArrayRaw(line, 'tourniquet', 'checkpoints')) AS named, 'size') AS size FROM events
  WHERE site = {log:String} AND received_at >= (SELECT min(signed_at) - INTERVAL 10 MINUTE FROM checkpoints WHERE site = {site:String} AND size IN {sizes:Array(UInt64)})
    AND JSONExtractString(named, 'site') = {site:String} AND size IN {sizes:Array(UInt64)}
  ORDER BY size, leaf LIMIT 1`;

/** The line that names one of these sizes, rather the smaller; undefined as long as none is under a checkpoint of the deployment's log. */
async function deploymentEntryOf(client: ClickHouseClient, ledger: BundleSources['ledger'], site: string, sizes: readonly number[]): Promise<DeploymentEntry | undefined> {
  const checkpoint = await ledger.checkpoint(DEPLOYMENT_SITE);
  if (checkpoint === undefined || site === DEPLOYMENT_SITE) return undefined;
  const [naming] = await jsonRows<{ readonly leaf: number }>(client, NAMING, { log: DEPLOYMENT_SITE, site, sizes });
  if (naming === undefined || naming.leaf >= checkpoint.size) return undefined;
  for await (const proven of storedEvidence({ client, ledger, verifiers: [] }, DEPLOYMENT_SITE, [naming.leaf], checkpoint.size)) {
    for (const { evidence, proof } of proven) {
      // A line that was redacted since says nothing for certain.
      if ('line' in evidence && leafHash(evidence.envelope, Buffer.from(evidence.line)).equals(proof.leafHash)) return { evidence, proof, checkpoint };
    }
  }
  return undefined;
}
