import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLogDisk, openMemoryLog } from '../../contracts/memory-log.ts';
import type { RulesConfig } from '../../detect/rule-set/config.ts';
import { loadNative } from '../../detect/native/binding.ts';
import { compileRules } from '../../roles/rules/compiled-rules.ts';
import { readConfiguredRules } from '../../roles/rules/configured-rules.ts';
import { openRuleSet } from '../../roles/rules/prepared-rule-set.ts';
import { checkRules } from '../../roles/rules/rule-check.ts';
import { openRuleSets } from '../../roles/rules/rule-sets.ts';

/** Prints what each of some changed rules costs a worker that goes on: `reload-process.ts DIRECTORY PATH…`; what is made lies in the directory. */
export interface ReloadFigures {
  readonly rules: number;
  /** From the changed file to the new set in use. */
  readonly seconds: number;
  readonly longest: Pause;
}

/** A time in which the worker's thread did nothing else. */
interface Pause {
  readonly ms: number;
  /** What the thread itself worked of it. On a busy machine the rest is other programs' time. */
  readonly cpuMs: number;
}

const CHANGES = 3;
const TICK_MS = 1;
/** Long enough for what is left behind by the start. */
const REST_MS = 500;

/** Watches how long this thread is kept from its turn. `longest` tells of the time since it was last asked. */
function watchPauses(): { longest(): Pause } {
  let longest: Pause = { ms: 0, cpuMs: 0 };
  let before = performance.now();
  let cpuBefore = process.threadCpuUsage();
  const turn = (): void => {
    const [now, cpu] = [performance.now(), process.threadCpuUsage(cpuBefore)];
    longest = { ms: Math.max(longest.ms, now - before - TICK_MS), cpuMs: Math.max(longest.cpuMs, (cpu.user + cpu.system) / 1_000) };
    [before, cpuBefore] = [now, process.threadCpuUsage()];
    setTimeout(turn, TICK_MS).unref();
  };
  turn();
  return {
    longest() {
      const told = longest;
      longest = { ms: 0, cpuMs: 0 };
      return told;
    },
  };
}

function ruleNumber(n: number): string {
  return `title: change ${n}\nid: 6f1d52e8-7ad5-4b6c-9c57-2b1f0c8f1d0${n}\nlogsource: { category: webserver }\ndetection: { probe: { cs-uri-stem|contains: /changed-${n} }, condition: probe }\nlevel: low\n`;
}

const [directory = '', ...given] = process.argv.slice(2);
const [cacheDirectory, own] = [path.join(directory, 'cache'), path.join(directory, 'own')];
mkdirSync(own, { recursive: true });
const rules: RulesConfig = { shipped: true, paths: [...given, own], mappings: [], packs: [], placeholders: [], tiers: { sites: [], classes: [] }, reload_s: 0 };
const native = await loadNative();
const { signal } = new AbortController();
const sets = await openRuleSets(openMemoryLog(createLogDisk(1)).registry, (prepared) => compileRules(prepared, { native, cacheDirectory, signal }), () => readConfiguredRules(rules), (error) => {
  throw error;
});
const pauses = watchPauses();
for (let change = 1; change <= CHANGES; change++) {
  writeFileSync(path.join(own, 'changed.yml'), ruleNumber(change));
  await sleep(REST_MS);
  pauses.longest();
  const startedAt = performance.now();
  const answer = await checkRules({ rules, cacheDirectory, known: await sets.known(), inUse: sets.current.ruleSet.version }, signal);
  if (answer.kind !== 'ready') throw new Error(answer.kind === 'refused' ? answer.problem : 'the change was not seen');
  await sets.use(openRuleSet(answer.packed));
  const seconds = (performance.now() - startedAt) / 1_000;
  await sleep(2 * TICK_MS);
  const figures: ReloadFigures = { rules: sets.figures().sigma, seconds, longest: pauses.longest() };
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}
