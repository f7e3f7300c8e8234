import type { Settings } from '../../contracts/settings.ts';

export const LOG_SETTINGS = {
  kind: { kind: 'text', default: 'embedded', oneOf: ['embedded'], comment: 'Which event log: embedded (one machine, no server).' },
  directory: { kind: 'text', default: '', comment: 'Where the embedded log lives; empty for data/log under the home. A local disk, not a network share.' },
  partitions: { kind: 'integer', default: 1, least: 1, most: 1024, comment: 'Partitions sites are spread over; each is worked on by one worker. Cannot change once the log exists.' },
  max_bytes: { kind: 'integer', default: 8 * 1024 ** 3, least: 64 * 1024 ** 2, most: 4 * 1024 ** 4, comment: 'Blocks kept at most, in bytes on disk. When full, senders are told to come back later; nothing is dropped.' },
} as const satisfies Settings;
