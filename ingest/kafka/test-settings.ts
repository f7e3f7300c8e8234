import type { KafkaSettings } from './config.ts';
import type { BrokerCluster } from './test-broker/broker-cluster.ts';

let prefixes = 0;

/** The defaults, for a cluster for tests: as many copies as it has brokers, and topics nobody else uses. */
export function testSettings(cluster: Pick<BrokerCluster, 'bootstrap' | 'security'>, change: Partial<KafkaSettings> = {}): KafkaSettings {
  const several = cluster.bootstrap.length > 1;
  const { security } = cluster;
  return {
    brokers: cluster.bootstrap,
    topic_prefix: `test-${process.pid}-${++prefixes}`,
    client_id: 'test',
    partitions: 4,
    replication_factor: several ? 3 : 1,
    min_insync_replicas: several ? 2 : 1,
    retention_hours: 168,
    create_topics: true,
    session_timeout_ms: 6_000,
    ingress: { enabled: false, partitions: 2, retention_hours: 24 },
    tls: { enabled: security !== undefined, ca_file: security?.ca.caFile ?? '', certificate_file: '', key_file: '', server_name: '' },
    sasl: security === undefined ? { mechanism: '', username: '', password: '' } : { mechanism: 'scram-sha-256', ...security.user },
    ...change,
  };
}
