import process from 'node:process';
import { loadNative } from '../detect/native/binding.ts';
import { createBridge } from '../ingest/bridge/bridge.ts';
import { openKafkaSource } from '../ingest/bridge/kafka-source.ts';
import { createKafka } from '../ingest/kafka/connection.ts';
import { topicNames } from '../ingest/kafka/expected-topics.ts';
import { openBlockSealer } from '../ingest/sealing/block-sealer.ts';
import { openSiteRegister } from '../ingest/sites/site-register.ts';
import { createBridgeWaits, reportBridge } from './bridge-report.ts';
import { ConfigError } from './config/read.ts';
import { connectKeys } from './connections.ts';
import { kafkaSettings, openEventLog, reportKafka } from './event-log.ts';
import { runRole } from './role-process.ts';

await runRole('bridge', async ({ home, config, signal, log: logLine }) => {
  if (config.log.kind !== 'kafka' || !config.log.kafka.ingress.enabled) throw new ConfigError(['the bridge needs log.kind: kafka and log.kafka.ingress.enabled: true']);
  const settings = kafkaSettings(config);
  const [keys, inspector, log] = await Promise.all([connectKeys(config, home, 'gateway', signal), loadNative(), openEventLog(config, home, logLine)]);
  const [sealer, sites] = await Promise.all([openBlockSealer(keys), openSiteRegister(log.registry)]);
  const waits = createBridgeWaits();
  const bridge = await createBridge({
    source: await openKafkaSource(createKafka(settings, reportKafka(logLine)), { topic: topicNames(settings.topic_prefix).ingress, groupId: `${settings.topic_prefix}.bridge`, sessionTimeoutMs: settings.session_timeout_ms }),
    log,
    seal: (headBytes, body) => sealer.seal(headBytes, body),
    sites,
    inspector,
    clock: Date.now,
    onEvent: (event) => {
      waits.seen(event);
      reportBridge(logLine, event);
    },
  });
  return {
    url: '',
    failed: bridge.failed,
    status() {
      const counts = bridge.status();
      return { ...counts, stuck: waits.stuck(counts.partitions), memory_bytes: process.memoryUsage.rss() };
    },
    async close() {
      await bridge.close();
      await sites[Symbol.asyncDispose]();
      await log[Symbol.asyncDispose]();
    },
  };
});
