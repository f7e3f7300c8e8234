import type { ThrowAwayCa } from './throw-away-ca.ts';

export interface BrokerPlace {
  /** Counted from 1. */
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
  readonly controllerPort: number;
  readonly logDir: string;
}

/** Who may log in to a secured cluster: the same by PLAIN and by SCRAM. */
export interface BrokerUser {
  readonly username: string;
  readonly password: string;
}

export interface Security {
  readonly ca: ThrowAwayCa;
  readonly user: BrokerUser;
}

type Properties = Readonly<Record<string, string | number>>;

/** `server.properties` of one broker, which is a controller too. Brokers and clients use one listener. */
export function serverProperties(place: BrokerPlace, all: readonly BrokerPlace[], security: Security | undefined, settings: Properties): string {
  const properties: Properties = {
    'process.roles': 'broker,controller',
    'node.id': place.nodeId,
    'controller.quorum.voters': all.map((p) => `${p.nodeId}@127.0.0.1:${p.controllerPort}`).join(),
    listeners: `CLIENT://${place.host}:${place.port},CONTROLLER://127.0.0.1:${place.controllerPort}`,
    'listener.security.protocol.map': `CLIENT:${security === undefined ? 'PLAINTEXT' : 'SASL_SSL'},CONTROLLER:PLAINTEXT`,
    'inter.broker.listener.name': 'CLIENT',
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': place.logDir,
    'auto.create.topics.enable': 'false',
    'default.replication.factor': all.length,
    'min.insync.replicas': all.length === 3 ? 2 : 1,
    'offsets.topic.replication.factor': all.length,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': all.length,
    'transaction.state.log.min.isr': all.length === 3 ? 2 : 1,
    'transaction.state.log.num.partitions': 4,
    'share.coordinator.state.topic.replication.factor': all.length,
    'share.coordinator.state.topic.min.isr': all.length === 3 ? 2 : 1,
    'group.initial.rebalance.delay.ms': 0,
    // A killed broker is noticed, and may come back, after a third of Kafka's default; and nobody waits 30 s for a frozen one.
    'broker.session.timeout.ms': 3_000,
    'broker.heartbeat.interval.ms': 500,
    'controller.socket.timeout.ms': 3_000,
    'replica.socket.timeout.ms': 3_000,
    'num.network.threads': 2,
    'num.io.threads': 4,
    ...(security === undefined ? {} : securityProperties(security)),
    ...settings,
  };
  return Object.entries(properties).map(([key, value]) => `${key}=${value}\n`).join('');
}

function securityProperties({ ca, user }: Security): Properties {
  const login = `username="${user.username}" password="${user.password}"`;
  const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';
  return {
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': ca.brokerStoreFile,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': ca.caFile,
    'ssl.client.auth': 'requested',
    'ssl.endpoint.identification.algorithm': 'https',
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    'sasl.mechanism.inter.broker.protocol': 'PLAIN',
    'listener.name.client.plain.sasl.jaas.config': `org.apache.kafka.common.security.plain.PlainLoginModule required ${login} user_${user.username}="${user.password}";`,
    'listener.name.client.scram-sha-256.sasl.jaas.config': scram,
    'listener.name.client.scram-sha-512.sasl.jaas.config': scram,
  };
}
