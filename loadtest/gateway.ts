import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { rawPublicKey } from '../contracts/block.ts';
import { makeHome } from '../roles/home.ts';
import { signedBlocks } from './gateway-blocks.ts';
import type { GatewayReady, GatewayUsage } from './gateway-process.ts';
import { sendOverSockets } from './gateway-sockets.ts';
import type { SocketReport } from './gateway-sockets.ts';
import { percentile } from './report.ts';
import type { Measure } from './report.ts';
import { Throwaway } from './throwaway.ts';

export interface GatewayLoad {
  readonly seed: number;
  readonly connections: number;
  readonly linesPerBlock: number;
  readonly seconds: number;
  /** Requests a second; 0 for as many as go. */
  readonly rate: number;
  /** YAML of further sections, such as the event log's; the embedded log without any. */
  readonly config?: string;
}

export interface GatewayRun {
  readonly report: SocketReport;
  readonly requestsPerSecond: number;
  /** CPU of the whole gateway process, its log's threads included, and of its main thread alone. */
  readonly cpuUsPerRequest: number;
  readonly mainThreadUsPerRequest: number;
  readonly rssBytes: number;
}

/**
 * What `roles/supervisor.ts` gives the gateway. The second lets five times the live heap pile up before a full collection;
 * by default bodies outside the heap start several a second.
 */
const NODE_ARGS = ['--max-old-space-size=128', '--heap-growing-percent=400'];
/** Sent again from the start when they end: a repeat costs the gateway what a new block does. */
const BLOCKS_PER_CONNECTION = 64;
/** Until the hot functions are optimised, some ten thousand requests, each costs half as much again. */
const WARM_UP_MS = 6_000;
const BLOCK_HEADERS = { 'content-type': 'application/octet-stream', 'content-encoding': 'zstd' };

/** A gateway process of its own under signed blocks from this one; CPU is what other processes disturb least. */
export async function runGateway(load: GatewayLoad): Promise<GatewayRun> {
  using place = new Throwaway(load.config);
  makeHome(place.home);
  const { privateKey } = generateKeyPairSync('ed25519');
  const bodies = Array.from({ length: load.connections }, (_, i) =>
    Array.from(signedBlocks({ site: 'load', stream: `load-${i}`, privateKey, blocks: BLOCKS_PER_CONNECTION, linesPerBlock: load.linesPerBlock, seed: load.seed + i })),
  );
  const child = fork(fileURLToPath(new URL('gateway-process.ts', import.meta.url)), ['load'], {
    env: { ...process.env, TOURNIQUET_HOME: place.home.root }, execArgv: NODE_ARGS, stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  try {
    // The child's first message; a child that fails ends and rejects it.
    const [ready] = (await Promise.race([once(child, 'message'), failureOf(child)])) as [GatewayReady];
    await enrol(ready, rawPublicKey(privateKey).toString('base64url'));
    const order = { url: ready.url, path: '/v1/blocks', headers: BLOCK_HEADERS, bodies, rate: load.rate };
    await sendOverSockets({ ...order, durationMs: WARM_UP_MS });
    const before = await usageOf(child);
    const report = await sendOverSockets({ ...order, durationMs: load.seconds * 1000 });
    const after = await usageOf(child);
    return {
      report,
      requestsPerSecond: report.requests / (report.elapsedMs / 1000),
      cpuUsPerRequest: (after.cpuUs - before.cpuUs) / report.requests,
      mainThreadUsPerRequest: (after.mainThreadUs - before.mainThreadUs) / report.requests,
      rssBytes: after.rssBytes,
    };
  } finally {
    const ended = child.exitCode === null ? once(child, 'exit') : Promise.resolve();
    if (child.connected) child.send('stop');
    await ended;
  }
}

async function failureOf(child: ChildProcess): Promise<never> {
  await once(child, 'exit');
  throw new Error('the gateway process ended');
}

async function usageOf(child: ChildProcess): Promise<GatewayUsage> {
  const answer = once(child, 'message');
  child.send('usage');
  // The only message there is after the first.
  return (await answer)[0] as GatewayUsage;
}

async function enrol({ url, enrolmentSecret }: GatewayReady, key: string): Promise<void> {
  const answer = await fetch(`${url}/v1/enrol`, { method: 'POST', body: JSON.stringify({ site: 'load', secret: enrolmentSecret, key }) });
  if (!answer.ok) throw new Error(`the enrolment was answered with ${answer.status}`);
}

/** 20-line blocks on one core. `configOf` names another event log than the embedded one, an unused one for each run. */
export async function measureGateway(seed: number, configOf: (run: string) => string = () => ''): Promise<readonly Measure[]> {
  const load = { seed, connections: 64, linesPerBlock: 20 };
  const most = await runGateway({ ...load, seconds: 10, rate: 0, config: configOf('most') });
  const steady = await runGateway({ ...load, seconds: 20, rate: 5_000, config: configOf('steady') });
  const refused = [most, steady].reduce((n, run) => n + run.report.requests - (run.report.statuses['200'] ?? 0), 0);
  return [
    { name: '20-line blocks, as many as go', value: most.requestsPerSecond, unit: 'requests/s', note: `${Math.round(most.cpuUsPerRequest)} us of CPU each, ${Math.round(most.mainThreadUsPerRequest)} of them on the main thread` },
    { name: '20-line blocks, as many as go: p99', value: percentile(most.report.latenciesMs, 99), unit: 'ms', note: `${load.connections} connections, one request each at a time` },
    { name: 'per second of one core', value: 1e6 / most.cpuUsPerRequest, unit: 'requests', goal: { least: 5_000 } },
    { name: 'at 5,000 requests/s: answered', value: steady.requestsPerSecond, unit: 'requests/s', goal: { least: 4_950 } },
    { name: 'at 5,000 requests/s: median', value: percentile(steady.report.latenciesMs, 50), unit: 'ms', note: `${Math.round(steady.rssBytes / 1024 ** 2)} MiB resident` },
    { name: 'at 5,000 requests/s: p99', value: percentile(steady.report.latenciesMs, 99), unit: 'ms', goal: { most: 50 } },
    { name: 'not answered with 200', value: refused, unit: 'requests', goal: { most: 0 } },
  ];
}
