import process from 'node:process';
import { hunt } from './hunt.ts';
import type { HuntOptions } from './hunt.ts';
import { jsonLine } from './hunt-output.ts';

/** A hunt to be killed: its options as JSON. Prints its results. */
const options = JSON.parse(process.argv[2] ?? '') as Omit<HuntOptions, 'correlator' | 'onProgress' | 'signal'>; // Given by hunt.test.ts.
const results = hunt({
  ...options, correlator: () => ({ observe: () => [], advance: () => [] }), onProgress: (done) => process.stderr.write(`${done}\n`), signal: new AbortController().signal,
});
for await (const result of results) process.stdout.write(result.kind === 'judged' ? `${result.events}\n` : `${jsonLine(result)}\n`);
