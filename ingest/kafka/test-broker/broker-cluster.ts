import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type BrokerProcess, formatStorage, type JavaOptions, startBroker } from './broker-process.ts';
import { freePorts } from './free-ports.ts';
import { checkJava, kafkaClassPath } from './kafka-jars.ts';
import { type BrokerPlace, type BrokerUser, type Security, serverProperties } from './server-properties.ts';
import { makeThrowAwayCa, type ThrowAwayCa } from './throw-away-ca.ts';

export interface BrokersOptions {
  readonly brokers: 1 | 3;
  /** Where data and logs go; it is kept. Without it a temporary directory, which goes with the cluster. */
  readonly directory?: string;
  /** Over the defaults of `server.properties`, for all brokers. */
  readonly settings?: Readonly<Record<string, string | number>>;
  /** Of each broker; 384 unless told. */
  readonly heapMib?: number;
  /** Full compilation, for measuring; tests start faster without. */
  readonly optimised?: boolean;
  /** One SASL_SSL listener with a CA and a user made for this cluster, no plain one. Not with a directory that was used before. */
  readonly secured?: boolean;
  /** Address of this machine that clients reach the brokers at; the loopback address unless told. */
  readonly host?: string;
}

/** Brokers count from 0. Each runs until it is killed, the cluster is disposed of, or this process ends in any way. */
export interface BrokerCluster extends AsyncDisposable {
  readonly bootstrap: readonly string[];
  readonly directory: string;
  readonly brokers: readonly ClusterBroker[];
  /** Of a secured cluster. */
  readonly security: { readonly ca: ThrowAwayCa; readonly user: BrokerUser } | undefined;
  /** SIGKILL; resolves when it is gone. */
  kill(broker: number): Promise<void>;
  /** SIGTERM: a controlled shutdown; resolves when it is gone. */
  stop(broker: number): Promise<void>;
  /** SIGSTOP. */
  pause(broker: number): void;
  /** SIGCONT. */
  resume(broker: number): void;
  /** Starts one that is gone again, on the same ports and data; resolves when it serves. */
  start(broker: number): Promise<void>;
}

export interface ClusterBroker extends BrokerPlace {
  /** What it logs: warnings and errors. */
  readonly logFile: string;
  /** Undefined while it is down. */
  readonly pid: number | undefined;
}

/** Real Apache Kafka (KRaft, each broker a controller too) on the loopback address. Resolves when all brokers serve. */
export async function startBrokers(options: BrokersOptions): Promise<BrokerCluster> {
  await checkJava();
  const classPath = await kafkaClassPath();
  const temporary = options.directory === undefined ? await mkdtemp(path.join(os.tmpdir(), 'tourniquet-kafka-')) : '';
  const directory = options.directory ?? temporary;
  const java = { classPath, heapMib: options.heapMib ?? 384, quickStart: options.optimised !== true, temporary };
  const cluster = new Cluster(directory, java, await layOut(directory, options.brokers, options.host ?? '127.0.0.1'), await secure(directory, options));
  try {
    await cluster.format(options.settings ?? {});
    await Promise.all(cluster.brokers.map(async (_, i) => cluster.start(i)));
    return cluster;
  } catch (error) {
    await cluster[Symbol.asyncDispose]();
    throw error;
  }
}

async function layOut(directory: string, count: number, host: string): Promise<readonly BrokerPlace[]> {
  const ports = await freePorts(count * 2);
  // `ports` has two for each broker.
  return Array.from({ length: count }, (_, i) => ({ nodeId: i + 1, host, port: ports[i * 2]!, controllerPort: ports[i * 2 + 1]!, logDir: path.join(directory, `broker-${i + 1}`, 'data') }));
}

async function secure(directory: string, { secured }: BrokersOptions): Promise<Security | undefined> {
  if (secured !== true) return undefined;
  await mkdir(directory, { recursive: true });
  return { ca: await makeThrowAwayCa(directory), user: { username: 'tourniquet', password: randomBytes(12).toString('hex') } };
}

class Cluster implements BrokerCluster {
  readonly bootstrap: readonly string[];
  readonly security: Security | undefined;
  readonly #java: JavaOptions;
  readonly directory: string;
  readonly #places: readonly BrokerPlace[];
  readonly #running = new Map<number, BrokerProcess>();
  /** Temporary data goes even when nobody disposes. The brokers then end by themselves. */
  readonly #atExit = (): void => {
    this.#killAll();
    if (this.#java.temporary !== '') rmSync(this.directory, { recursive: true, force: true });
  };

  constructor(directory: string, java: JavaOptions, places: readonly BrokerPlace[], security: Security | undefined) {
    this.directory = directory;
    this.#java = java;
    this.#places = places;
    this.security = security;
    this.bootstrap = places.map((place) => `${place.host}:${place.port}`);
    process.on('exit', this.#atExit);
  }

  get brokers(): readonly ClusterBroker[] {
    return this.#places.map((place, i) => ({ ...place, logFile: this.#fileOf(place, 'log'), pid: this.#running.get(i)?.pid }));
  }

  /** What is formatted already keeps its data; the cluster id never changes. */
  async format(settings: Readonly<Record<string, string | number>>): Promise<void> {
    const user = this.security?.user;
    const scram = user === undefined ? [] : ['SCRAM-SHA-256', 'SCRAM-SHA-512'].map((mechanism) => `${mechanism}=[name=${user.username},password=${user.password}]`);
    await Promise.all(this.#places.map(async (place) => {
      await mkdir(place.logDir, { recursive: true });
      await writeFile(this.#fileOf(place, 'properties'), serverProperties(place, this.#places, this.security, settings), { mode: 0o600 });
      await formatStorage(this.#java, this.#fileOf(place, 'properties'), 'AAAAAAAAAAAAAAAAAAAAAQ', scram);
    }));
  }

  async start(broker: number): Promise<void> {
    const place = this.#place(broker);
    if (this.#running.has(broker)) throw new TypeError(`broker ${broker} runs already`);
    const started = await startBroker(this.#java, this.#fileOf(place, 'properties'), this.#fileOf(place, 'log'), (process) => this.#running.set(broker, process));
    void started.ended.then(() => this.#running.delete(broker));
  }

  async kill(broker: number): Promise<void> {
    await this.#end(broker, 'SIGKILL');
  }

  async stop(broker: number): Promise<void> {
    await this.#end(broker, 'SIGTERM');
  }

  pause(broker: number): void {
    this.#signal(broker, 'SIGSTOP');
  }

  resume(broker: number): void {
    this.#signal(broker, 'SIGCONT');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.off('exit', this.#atExit);
    const gone = [...this.#running.values()].map(async (broker) => broker.ended);
    this.#killAll();
    await Promise.all(gone);
    if (this.#java.temporary !== '') await rm(this.directory, { recursive: true, force: true });
  }

  #killAll(): void {
    for (const { pid } of this.#running.values()) sendSignal(pid, 'SIGKILL');
  }

  async #end(broker: number, signal: NodeJS.Signals): Promise<void> {
    const running = this.#running.get(broker);
    if (running === undefined) return;
    sendSignal(running.pid, signal);
    await running.ended;
  }

  #signal(broker: number, signal: NodeJS.Signals): void {
    const running = this.#running.get(broker);
    if (running === undefined) throw new TypeError(`broker ${broker} is down`);
    sendSignal(running.pid, signal);
  }

  #place(broker: number): BrokerPlace {
    const place = this.#places[broker];
    if (place === undefined) throw new TypeError(`there is no broker ${broker}`);
    return place;
  }

  #fileOf(place: BrokerPlace, kind: 'log' | 'properties'): string {
    return path.join(path.dirname(place.logDir), `server.${kind}`);
  }
}

/** To one that may be gone already. */
function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
