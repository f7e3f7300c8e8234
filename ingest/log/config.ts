import type { Settings } from '../../contracts/settings.ts';

export const LOG_SETTINGS = {
  kind: { kind: 'text', default: 'embedded', oneOf: ['embedded', 'kafka'], comment: 'Which event log: embedded (one machine, no server), or Apache Kafka as log.kafka says.' },
  directory: { kind: 'text', default: '', comment: 'Where the embedded log lives; empty for data/log under the home. A local disk, not a network share.' },
  partitions: { kind: 'integer', default: 1, least: 1, most: 1024, comment: 'Partitions of the embedded log. Cannot change once the log exists.' },
  max_bytes: { kind: 'integer', default: 8 * 1024 ** 3, least: 64 * 1024 ** 2, most: 4 * 1024 ** 4, comment: 'Blocks kept at most in the embedded log, in bytes on disk. When full, senders are told to come back later; nothing is dropped.' },
} as const satisfies Settings;
