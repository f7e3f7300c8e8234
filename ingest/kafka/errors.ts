/** Everything Kafka, and the broker for tests, can answer besides success. Codes are never reused. */
const CATALOGUE = {
  'TQ-KAFKA-01': { status: 503, retryable: true, message: 'Kafka cannot be reached: check log.kafka.brokers, the network, and whether tls.enabled fits the listener' },
  'TQ-KAFKA-02': { status: 500, retryable: false, message: 'Kafka refused the login: check log.kafka.sasl, mechanism, username and password' },
  'TQ-KAFKA-03': { status: 500, retryable: false, message: 'the certificate of Kafka is not trusted: set log.kafka.tls.ca_file to the CA that signed it, and tls.server_name to a name it holds' },
  'TQ-KAFKA-04': { status: 500, retryable: false, message: 'the settings of the Kafka client cannot be used: mend log.kafka' },
  'TQ-KAFKA-05': { status: 500, retryable: false, message: 'the topics in Kafka do not fit: run the commands below, or mend log.kafka' },
  'TQ-KAFKA-06': { status: 503, retryable: true, message: 'Kafka has fewer brokers than log.kafka.replication_factor: start them, or lower it (and min_insync_replicas) before the topics exist' },
  'TQ-KAFKA-07': { status: 500, retryable: false, message: 'Kafka forbids it: give its user Describe, DescribeConfigs, Read, Write, Delete and (to create them) Create on the topics of log.kafka.topic_prefix, and Read on its groups' },
  'TQ-KAFKA-08': { status: 500, retryable: false, message: 'the group that shares out the partitions cannot be joined: end the processes that joined it by another assigner, and keep session_timeout_ms within what the brokers allow (group.min.session.timeout.ms, 6 s unless lowered)' },
  'TQ-KAFKA-09': { status: 500, retryable: false, message: 'Kafka answered what cannot be mended by trying again: read the detail, and check that the brokers are version 2.1 or later' },
  'TQ-KAFKA-10': { status: 503, retryable: true, message: 'the record is not known to be in Kafka, though it may be: send it again; if that goes on, see that enough replicas of its partition run (min.insync.replicas)' },
  'TQ-KAFKA-11': { status: 503, retryable: true, message: 'Kafka did not answer in time: try again; if that goes on, check the brokers that lead the partition' },
  'TQ-KAFKA-12': { status: 503, retryable: true, message: 'as many bytes wait for Kafka as may: send again later; if that goes on, Kafka is slower than what comes in' },
  'TQ-KAFKA-13': { status: 413, retryable: false, message: 'the record does not fit the log: keys take 1 to 255 bytes, control keys 1 to 500, values at most 8 MiB; max.message.bytes of the topic must allow 8 MiB and 64 KiB' },
  'TQ-KAFKA-14': { status: 503, retryable: false, message: 'the log is closed: open it again' },
  'TQ-KAFKA-15': { status: 500, retryable: false, message: 'there is no such partition: partitions count from 0 to log.kafka.partitions - 1' },
  'TQ-KAFKA-16': { status: 500, retryable: true, message: 'what Kafka sent is damaged: check the disk of the broker that leads the partition, and the network' },
  'TQ-KAFKA-17': { status: 503, retryable: true, message: 'Kafka asks to wait: brokers elect leaders or start; if that goes on, check them' },
  'TQ-KAFKA-20': { status: 500, retryable: false, message: 'a broker for tests needs Java 17 and Maven: apt-get install -y openjdk-17-jre-headless maven' },
  'TQ-KAFKA-21': { status: 500, retryable: false, message: 'the artifacts of the broker for tests could not be fetched: check that Maven reaches its repository (see ~/.m2/settings.xml)' },
  'TQ-KAFKA-22': { status: 500, retryable: false, message: 'the broker for tests did not start: read its log' },
} as const;

export type KafkaErrorCode = keyof typeof CATALOGUE;

export const KAFKA_ERRORS: Readonly<Record<KafkaErrorCode, { readonly status: number; readonly retryable: boolean; readonly message: string }>> = CATALOGUE;

export class KafkaError extends Error {
  override readonly name: string = 'KafkaError';
  readonly code: KafkaErrorCode;
  /** HTTP status a gateway answers with. */
  readonly status: number;
  readonly retryable: boolean;

  constructor(code: KafkaErrorCode, detail = '', options?: ErrorOptions) {
    super(`${code}: ${CATALOGUE[code].message}${detail === '' ? '' : ` (${detail})`}`, options);
    this.code = code;
    this.status = CATALOGUE[code].status;
    this.retryable = CATALOGUE[code].retryable;
  }
}
