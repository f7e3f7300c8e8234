import { createRuleSet } from '../contracts/rule-set.ts';
import { createEngine } from './engine.ts';
import type { Engine, EngineOptions } from './engine.ts';
import { readRuleSources } from './rule-set/read-sources.ts';
import type { RuleSources } from './rule-set/read-sources.ts';
import { createLineScan } from './scan.ts';
import { TEST_CACHE } from './scanner-fixture.ts';
import type { LineScan, ScanDetection, ScanResult } from './scan.ts';

/** An engine of the shipped signatures and, when named, Sigma rules. */
export async function engineOf(sources: RuleSources = {}): Promise<Engine> {
  return createEngine(createRuleSet(await readRuleSources(sources)), { cacheDirectory: TEST_CACHE });
}

/** What signatures find in lines numbered from 0. */
export function detectionsOf(scan: LineScan, lines: readonly string[]): readonly ScanDetection[] {
  return scan.scan(lines, lines.map((_, i) => i)).filter((result) => result.kind === 'detection');
}

export interface SigmaScan {
  readonly engine: Engine;
  /** What events numbered from 0 give, to the end. */
  results(events: readonly unknown[]): readonly ScanResult[];
}

/** A scan by these Sigma documents alone. */
export async function sigmaScan(documents: readonly object[], options: EngineOptions = {}, placeholders: Readonly<Record<string, readonly string[]>> = {}): Promise<SigmaScan> {
  // JSON is YAML.
  const text = documents.map((document) => JSON.stringify(document)).join('\n---\n');
  const engine = await createEngine(createRuleSet({ ...(await readRuleSources({ packs: [] })), sigma: [{ file: 'rules.yml', text }], placeholders }), options);
  const scan = createLineScan(engine);
  return { engine, results: (events) => [...scan.scan(events.map((event) => JSON.stringify(event)), events.map((_, i) => i)), ...scan.finish()] };
}
