import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClickHouseClient } from '@clickhouse/client';
import { verifiersAt } from '../contracts/announced-key.ts';
import type { EventLog } from '../contracts/event-log.ts';
import type { PublicKeys } from '../contracts/keys.ts';
import { SYSTEM_SITE } from '../contracts/names.ts';
import type { BlockSealer } from '../ingest/sealing/block-sealer.ts';
import { parseEndpointUrl } from '../respond/endpoint.ts';
import { createGuardedPost } from '../respond/guarded-post.ts';
import { parseWebhookSecret } from '../respond/webhook-secret.ts';
import { webhookSignature } from '../respond/webhook-signature.ts';
import { createAnchors } from '../storage/anchor/anchors.ts';
import type { AnchorStatus } from '../storage/anchor/anchors.ts';
import type { AnchorConfig } from '../storage/anchor/config.ts';
import { parseWitnessKey } from '../storage/anchor/cosignature.ts';
import { openExportFile } from '../storage/anchor/export-file.ts';
import { MOST_ANSWER_BYTES } from '../storage/anchor/post.ts';
import { createReceiver } from '../storage/anchor/receiver.ts';
import { rollbackLine } from '../storage/anchor/rollback.ts';
import { storedCheckpoints } from '../storage/anchor/stored-checkpoints.ts';
import { createTimeStamper } from '../storage/anchor/time-stamper.ts';
import { createWitness, parseWitness } from '../storage/anchor/witness.ts';
import type { WitnessOptions } from '../storage/anchor/witness.ts';
import { createGroupStore } from '../storage/client/group-store.ts';
import { storeOptions } from '../storage/config.ts';
import { ConfigError } from './config/read.ts';
import { storageAccess } from './connections.ts';
import { messageOf } from './error-message.ts';
import { ownLines } from './own-lines.ts';
import type { RoleContext } from './role-process.ts';
import { secretOf } from './secrets.ts';

/** What the console has open already. */
export interface AnchorParts {
  readonly log: EventLog;
  readonly sealer: BlockSealer;
  readonly keys: Pick<PublicKeys, 'checkpointVerifiers'>;
  /** A reader of the store. */
  readonly client: ClickHouseClient;
  readonly ledger: { readonly consistencyProof: WitnessOptions['consistencyProof'] };
}

export interface RunningAnchors extends AsyncDisposable {
  status(): AnchorStatus;
}

/** Our own acts' stream of the ledger's findings about itself. */
export const LEDGER_STREAM = 'ledger';

/** Anchors new checkpoints every `anchor.every_s` until it is disposed. Rejects with `ConfigError` when a setting makes no sense. */
export async function startAnchors(context: RoleContext, parts: AnchorParts): Promise<RunningAnchors> {
  const { config, home, log: logLine } = context;
  const { outward, problems } = outwardOf(context, parts);
  if (problems.length > 0) throw new ConfigError(problems);
  const file = path.join(home.export, 'checkpoints.ndjson');
  const exportFile = config.anchor.file ? Object.assign(await openExportFile(file), { path: file }) : undefined;
  const store = createGroupStore({ ...(await storageAccess(config, home, 'writer', context.signal)), ...storeOptions(config.storage) });
  const report = ownLines(parts.log, (headBytes, body) => parts.sealer.seal(headBytes, body), SYSTEM_SITE, LEDGER_STREAM);
  const anchors = createAnchors({
    ...outward,
    stored: storedCheckpoints(parts.client),
    verifiers: async () => verifiersAt(await parts.keys.checkpointVerifiers()),
    ...(exportFile === undefined ? {} : { exportFile }),
    keepCosigned: (checkpoint) => store.recordCosigned({ ...checkpoint, root: Buffer.from(checkpoint.root, 'base64'), signedAtMs: Date.now() }),
    report: (rollback) => report([rollbackLine(rollback, Date.now())]),
    nowMs: Date.now,
    onProblem: (what, error) => logLine('anchor', { problem: what, ...(error === undefined ? {} : { message: messageOf(error) }) }),
  });
  const stop = new AbortController();
  const running = keepAnchoring(anchors, config.anchor.every_s * 1_000, logLine, stop.signal);
  return {
    status: () => anchors.status(),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
      await exportFile?.[Symbol.asyncDispose]();
      await store.close();
    },
  };
}

/** What was exported is compared before anything new is, so that a rollback is not covered up by what came after. */
async function keepAnchoring(anchors: ReturnType<typeof createAnchors>, everyMs: number, logLine: RoleContext['log'], signal: AbortSignal): Promise<void> {
  for (let compared = false; !signal.aborted; ) {
    try {
      if (!compared) await anchors.compare();
      compared = true;
      await anchors.round();
    } catch (error) {
      logLine('anchor', { problem: 'the export file could not be compared with the store', message: messageOf(error) });
    }
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  }
}

/** Receivers, witnesses and time stamps of the settings, and what is wrong with these. */
function outwardOf({ config, home }: RoleContext, { ledger }: AnchorParts) {
  const { anchor } = config;
  const post = createGuardedPost({ allowPrivateAddresses: anchor.allow_private_addresses, timeoutMs: anchor.timeout_ms, mostAnswerBytes: MOST_ANSWER_BYTES });
  const problems: string[] = [];
  const secret = secretOf(config, home, 'webhook');
  const signature = (id: string, timestampS: number, body: string) => webhookSignature([parseWebhookSecret(secret)], id, timestampS, body);
  const receivers = anchor.urls.filter((url) => isUrl(url, 'anchor.urls', problems)).map((url) => createReceiver(url, post, signature));
  const witnesses = anchor.witnesses.flatMap((text, i) => {
    const witness = parseWitness(text);
    const key = parseWitnessKey(witness?.key ?? '');
    if (witness !== undefined && key !== undefined) return [createWitness({ key, url: witness.url, post, consistencyProof: (site, from, to) => ledger.consistencyProof(site, from, to) })];
    problems.push(`anchor.witnesses: entry ${i + 1} is not "verifier-key URL" of a witness that signs with Ed25519 (c2sp.org/tlog-cosignature)`);
    return [];
  });
  const timeStamper = timeStamperOf(anchor, path.join(home.export, 'timestamps'), post, problems);
  return { outward: { receivers, witnesses, ...(timeStamper === undefined ? {} : { timeStamper }) }, problems };
}

function timeStamperOf(anchor: AnchorConfig, directory: string, post: ReturnType<typeof createGuardedPost>, problems: string[]) {
  if (anchor.timestamp_url === '' || !isUrl(anchor.timestamp_url, 'anchor.timestamp_url', problems)) return undefined;
  return createTimeStamper({ url: anchor.timestamp_url, directory, everyMs: anchor.timestamp_every_s * 1_000, post });
}

/** The problem names the setting, never the URL: its path may be a secret. */
function isUrl(url: string, setting: string, problems: string[]): boolean {
  try {
    parseEndpointUrl(url);
    return true;
  } catch {
    problems.push(`${setting}: give http or https URLs without user name or password`);
    return false;
  }
}
