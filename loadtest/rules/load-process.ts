import process from 'node:process';
import { createRuleSet } from '../../contracts/rule-set.ts';
import { createEngine } from '../../detect/engine.ts';
import { loadNative } from '../../detect/native/binding.ts';
import { readRuleSources } from '../../detect/rule-set/read-sources.ts';

/** Prints what loading the rules of some paths takes: `load-process.ts CACHE PATH…`. */
export interface LoadFigures {
  readonly rules: number;
  readonly seconds: number;
  readonly residentBytes: number;
}

const [cacheDirectory = '', ...sigma] = process.argv.slice(2);
const native = await loadNative();
const startedAt = performance.now();
const content = await readRuleSources({ sigma });
const { detections, correlations } = await createEngine(createRuleSet(content), { native, cacheDirectory });
const seconds = (performance.now() - startedAt) / 1_000;
const figures: LoadFigures = { rules: detections.length + correlations.length, seconds, residentBytes: process.memoryUsage.rss() };
process.stdout.write(`${JSON.stringify(figures)}\n`);
