import { expect, test } from 'vitest';
import { FAULTS, SHORT } from '../loadtest/chaos/kafka-faults.ts';

/** Disks of their own and network namespaces are root's to make. */
const IS_ROOT = process.getuid?.() === 0;

test.concurrent.for(FAULTS.filter(({ inTests }) => inTests).map((fault) => [fault.title, fault] as const))('%s: nothing is lost, nothing stored twice, every alert delivered', { timeout: 3_600_000 }, async ([title, fault]) => {
  if (fault.needsRoot && !IS_ROOT && process.env['CI'] === undefined) {
    process.stderr.write(`NOT RUN, it needs root: ${title}. Run it as root: npx vitest run roles/kafka-faults.test.ts\n`);
    return;
  }
  const { figures, failures } = await fault.run(SHORT);
  process.stderr.write(`${title}: ${JSON.stringify(figures)}\n`);
  expect(failures).toEqual([]);
});
