import type { KafkaSettings } from './config.ts';

export interface ExpectedConfig {
  /** As the topic is created with. */
  readonly value: string | number;
  /** How an existing topic may differ. */
  readonly rule: 'equal' | 'least' | 'most';
}

export interface ExpectedTopic {
  readonly name: string;
  readonly partitions: number;
  /** The setting that must agree with an existing topic. */
  readonly partitionsSetting?: string;
  readonly replicationFactor: number;
  readonly config: Readonly<Record<string, ExpectedConfig>>;
}

export interface TopicNames {
  readonly blocks: string;
  readonly observations: string;
  readonly control: string;
  readonly registry: string;
  readonly ingress: string;
}

const HOUR_MS = 3_600_000;
/** A record holds at most 8 MiB; beside it stand its batch's head, its key and headers. */
const MAX_RECORD_BATCH_BYTES = 8 * 1024 * 1024 + 64 * 1024;
const NO_LIMIT = -1;

export function topicNames(prefix: string): TopicNames {
  return { blocks: `${prefix}.blocks`, observations: `${prefix}.observations`, control: `${prefix}.control`, registry: `${prefix}.registry`, ingress: `${prefix}.ingress` };
}

export function expectedTopics(settings: Pick<KafkaSettings, 'topic_prefix' | 'partitions' | 'replication_factor' | 'min_insync_replicas' | 'retention_hours' | 'ingress'>): readonly ExpectedTopic[] {
  const names = topicNames(settings.topic_prefix);
  const replicationFactor = settings.replication_factor;
  const durable: ExpectedTopic['config'] = {
    'min.insync.replicas': { value: settings.min_insync_replicas, rule: 'least' },
    'unclean.leader.election.enable': { value: 'false', rule: 'equal' },
    'cleanup.policy': { value: 'delete', rule: 'equal' },
    'retention.bytes': { value: NO_LIMIT, rule: 'equal' },
    'max.message.bytes': { value: MAX_RECORD_BATCH_BYTES, rule: 'least' },
    // Retention counts from when the broker got a record: no producer's clock can shorten it, or have a record refused.
    'message.timestamp.type': { value: 'LogAppendTime', rule: 'equal' },
  };
  const partitioned = (name: string): ExpectedTopic => ({
    name, partitions: settings.partitions, partitionsSetting: 'log.kafka.partitions', replicationFactor, config: { ...durable, 'retention.ms': { value: settings.retention_hours * HOUR_MS, rule: 'least' } },
  });
  const stream = (name: string): ExpectedTopic => ({ name, partitions: 1, replicationFactor, config: { ...durable, 'retention.ms': { value: NO_LIMIT, rule: 'equal' } } });
  const { enabled, partitions, retention_hours: ingressHours } = settings.ingress;
  const ingress: ExpectedTopic = {
    name: names.ingress, partitions, partitionsSetting: 'log.kafka.ingress.partitions', replicationFactor,
    config: {
      ...durable,
      // The broker recompresses what producers send in codecs that our client cannot read.
      'compression.type': { value: 'zstd', rule: 'equal' },
      // Clear text: kept neither shorter nor longer. Whole segments go at once, so these must be short too.
      'retention.ms': { value: ingressHours * HOUR_MS, rule: 'equal' },
      'segment.ms': { value: HOUR_MS, rule: 'most' },
    },
  };
  return [partitioned(names.blocks), partitioned(names.observations), stream(names.control), stream(names.registry), ...(enabled ? [ingress] : [])];
}
