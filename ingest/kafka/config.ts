import type { ConfigOf, Settings } from '../../contracts/settings.ts';

export const KAFKA_SETTINGS = {
  brokers: { kind: 'list', default: ['127.0.0.1:9092'], comment: 'Brokers to find the cluster by, HOST:PORT each; two or three are enough.' },
  topic_prefix: { kind: 'text', default: 'tourniquet', comment: 'Topics are named PREFIX.blocks and so on, the consumer groups PREFIX.workers, PREFIX.correlators and PREFIX.bridge.' },
  client_id: { kind: 'text', default: 'tourniquet', comment: 'Name of this process in the logs and quotas of the brokers.' },
  partitions: { kind: 'integer', default: 12, least: 1, most: 1024, comment: 'Partitions sites are spread over: at most so many workers have work. Cannot change once the topics exist.' },
  replication_factor: { kind: 'integer', default: 3, least: 1, most: 7, comment: 'Brokers that hold a copy of each record. 1 only where losing the log does not matter.' },
  min_insync_replicas: { kind: 'integer', default: 2, least: 1, most: 7, comment: 'Copies that must be written before a record is acknowledged; below replication_factor, so that a broker may be down.' },
  retention_hours: { kind: 'integer', default: 168, least: 1, most: 87_600, comment: 'How long sealed blocks and observations are kept. An outage of all workers may not last longer.' },
  create_topics: { kind: 'switch', default: true, comment: 'Create the topics that are missing. Off: only check them, for clusters whose operators create topics.' },
  session_timeout_ms: { kind: 'integer', default: 6_000, least: 3_000, most: 300_000, comment: 'A worker silent for so long is dead, and others take its partitions over. Below 6 s only where the brokers\' group.min.session.timeout.ms allows it.' },
  ingress: {
    enabled: { kind: 'switch', default: false, comment: 'Offer PREFIX.ingress, the clear topic for the producers of third parties.' },
    partitions: { kind: 'integer', default: 6, least: 1, most: 1024, comment: 'Partitions of the ingress topic.' },
    retention_hours: { kind: 'integer', default: 24, least: 1, most: 8_760, comment: 'How long clear records are kept: as long as the bridge that seals them may be down.' },
  },
  tls: {
    enabled: { kind: 'switch', default: false, comment: 'Encrypt connections to the brokers. The system\'s CAs are trusted unless ca_file is set.' },
    ca_file: { kind: 'text', default: '', comment: 'PEM file of the CA that signed the brokers\' certificates.' },
    certificate_file: { kind: 'text', default: '', comment: 'PEM file of our own certificate, where the brokers ask for one.' },
    key_file: { kind: 'text', default: '', comment: 'PEM file of its private key.' },
    server_name: { kind: 'text', default: '', comment: 'Name to find in the brokers\' certificates; empty for the host name that was connected to.' },
  },
  sasl: {
    mechanism: { kind: 'text', default: '', oneOf: ['', 'plain', 'scram-sha-256', 'scram-sha-512'], comment: 'How to log in; empty for not at all. plain only over TLS: it sends the password itself.' },
    username: { kind: 'text', default: '', comment: 'User of the brokers.' },
    password: { kind: 'secret', default: '', comment: 'Its password, as file:PATH or env:NAME.' },
  },
} as const satisfies Settings;

/** As `roles/config/` resolves it: `sasl.password` holds the secret itself. */
export type KafkaSettings = ConfigOf<typeof KAFKA_SETTINGS>;

/** The consumer group in which workers share out the partitions. */
export function workerGroup(settings: Pick<KafkaSettings, 'topic_prefix'>): string {
  return `${settings.topic_prefix}.workers`;
}
