import { expect, test } from 'vitest';
import { sortFrames } from './batches.ts';
import type { SyslogSink } from './sink.ts';

test('all keys of a read are asked for before the first answer, and each once', async () => {
  const asked: string[] = [];
  const { promise: all, resolve } = Promise.withResolvers<undefined>();
  const sink: SyslogSink = {
    async siteOfKey(key) {
      asked.push(key);
      if (asked.length === 300) resolve(undefined);
      await all;
      return key === 'key-7' ? 'shop' : undefined;
    },
    take: () => Promise.resolve(),
    refused: () => undefined,
    connections: () => undefined,
  };
  const frames = Array.from({ length: 600 }, (_, i) => ({ bytes: Buffer.from(`<13>1 - shop app - - [tourniquet@32473 key="key-${i % 300}"] {"n":${i}}`), isCut: false }));
  const { batches, refusals } = await sortFrames(frames, sink);
  expect(asked).toHaveLength(300);
  expect(batches.map(({ site, lines }) => [site, lines.map(({ bytes }) => bytes.toString())])).toEqual([['shop', ['{"n":7}', '{"n":307}']]]);
  expect(refusals).toEqual(Array.from({ length: 598 }, () => 'wrong_key'));
});
