import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { homeAt, makeHome } from '../../roles/home.ts';
import type { Home } from '../../roles/home.ts';
import type { RoleName } from '../../roles/run-file.ts';
import { makeSecrets } from '../../roles/secret-files.ts';
import type { SecretName } from '../../roles/secret-files.ts';
import { freePorts } from '../chaos/free-port.ts';
import { Unit } from './unit.ts';

export interface DeploymentOptions {
  readonly bootstrap: readonly string[];
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly gateways: number;
  readonly workers: number;
  /** Under which the bridge runs too. */
  readonly ingress?: boolean;
  readonly webhookUrl?: string;
  /** YAML of further sections for every unit. */
  readonly moreConfig?: string;
  readonly topicPrefix?: string;
  /** Address the core listens on and is asked at; the loopback address unless told. */
  readonly host?: string;
  /** Words before the command of the first worker, such as `ip netns exec NAME`. */
  readonly firstWorkerPrefix?: readonly string[];
}

const SECRETS: Readonly<Record<string, SecretName>> = {
  storage_writer: 'storage-writer', storage_reader: 'storage-reader', keys_gateway: 'keys-gateway', keys_worker: 'keys-worker', gateway_receipt: 'gateway-receipt',
};

/**
 * A deployment of several machines on one: keys, storage and responder in one unit, each gateway and each worker in one
 * of its own, all on Kafka, sharing nothing but addresses and secret files.
 */
export class Deployment implements AsyncDisposable {
  readonly core: Unit;
  readonly gateways: readonly Unit[];
  readonly workers: readonly Unit[];
  readonly #root: string;

  private constructor(root: string, core: Unit, gateways: readonly Unit[], workers: readonly Unit[]) {
    this.#root = root;
    this.core = core;
    this.gateways = gateways;
    this.workers = workers;
  }

  /** Nothing runs yet. */
  static async prepare(options: DeploymentOptions): Promise<Deployment> {
    const root = mkdtempSync(path.join(os.tmpdir(), 'tourniquet-kafka-'));
    const { host = '127.0.0.1' } = options;
    const [keysPort, storagePort, ...gatewayPorts] = await freePorts(2 + options.gateways);
    const log = logConfig(options);
    const homeOf = (name: string): Home => newHome(root, name);
    const coreHome = homeOf('core');
    makeSecrets(coreHome);
    const webhooks = options.webhookUrl === undefined ? '' : `respond:\n  notify_every_alert: true\n  webhooks:\n    url: ${options.webhookUrl}\n    allow_private_addresses: true\n`;
    const coreRoles: readonly RoleName[] = ['keys', 'storage', 'respond'];
    const core = new Unit('core', coreHome, coreRoles, `keys:\n  host: ${host}\n  port: ${keysPort}\nstorage:\n  host: ${host}\n  port: ${storagePort}\n${webhooks}${log}${options.moreConfig ?? ''}`);
    const secrets = Object.entries(SECRETS).map(([key, name]) => `  ${key}: file:${path.join(coreHome.secrets, `${name}.secret`)}\n`).join('');
    const shared = `addresses:\n  keys: http://${host}:${keysPort}\n  storage: http://${host}:${storagePort}\nsecrets:\n${secrets}${log}${options.moreConfig ?? ''}`;
    const gateways = gatewayPorts.map((port, i) => {
      const config = `gateway:\n  port: ${port}\n  site_events_per_second: 10000000\n  site_bytes_per_second: 10000000000\n${shared}`;
      return new Unit(`gateway-${i}`, homeOf(`gateway-${i}`), options.ingress === true && i === 0 ? ['gateway', 'bridge'] : ['gateway'], config);
    });
    const workers = Array.from({ length: options.workers }, (_, i) => new Unit(`worker-${i}`, homeOf(`worker-${i}`), ['worker'], shared, i === 0 ? options.firstWorkerPrefix : []));
    return new Deployment(root, core, gateways, workers);
  }

  /** A further directory, of someone beside the units. */
  homeOf(name: string): Home {
    return newHome(this.#root, name);
  }

  get units(): readonly Unit[] {
    return [this.core, ...this.gateways, ...this.workers];
  }

  async start(units: readonly Unit[] = this.units): Promise<void> {
    for (const unit of units) unit.start();
    await Promise.all(units.map((u) => u.untilUp()));
  }

  /** `TOURNIQUET_KEEP` in the environment keeps the directories, to look into what went wrong. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.gateways, ...this.workers].map((u) => u[Symbol.asyncDispose]()));
    await this.core[Symbol.asyncDispose]();
    if (process.env['TOURNIQUET_KEEP'] === undefined) rmSync(this.#root, { recursive: true, force: true });
  }
}

function newHome(root: string, name: string): Home {
  const home = homeAt(path.join(root, name));
  makeHome(home);
  return home;
}

/** The configuration's section of the event log, as YAML. */
export function logConfig({ bootstrap, partitions, replicationFactor, topicPrefix, ingress }: Pick<DeploymentOptions, 'bootstrap' | 'partitions' | 'replicationFactor' | 'topicPrefix' | 'ingress'>): string {
  const minInsync = Math.max(1, replicationFactor - 1);
  return `log:\n  kind: kafka\n  kafka:\n    brokers: [${bootstrap.map((b) => `"${b}"`).join(', ')}]\n    topic_prefix: ${topicPrefix ?? 'tourniquet'}\n    partitions: ${partitions}\n    replication_factor: ${replicationFactor}\n    min_insync_replicas: ${minInsync}\n${ingress === true ? '    ingress:\n      enabled: true\n' : ''}`;
}
