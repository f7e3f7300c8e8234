import { messageOf } from '../error-message.ts';
import type { RoleContext } from '../role-process.ts';
import { watchedPaths } from './configured-rules.ts';
import { openRuleSet } from './prepared-rule-set.ts';
import { checkRules } from './rule-check.ts';
import type { RuleSets } from './rule-sets.ts';
import { fingerprint, watchRules } from './rule-watch.ts';

export interface RuleReload extends AsyncDisposable {
  /** Why the newest files are not in use; empty when they are. */
  refused(): string;
}

/** Lines of a refusal that go to the log and the status; `tourniquet rules lint` tells all. */
const MOST_LINES = 20;

export function refusalOf(error: unknown): string {
  const lines = messageOf(error).split('\n');
  return lines.length <= MOST_LINES ? lines.join('\n') : [...lines.slice(0, MOST_LINES), `… ${lines.length - MOST_LINES} more lines: tourniquet rules lint`].join('\n');
}

/**
 * Puts changed rule files to use while the worker goes on: read, compiled and tested aside, sealed, swapped between two
 * groups. What is wrong leaves the set before in use, and says so. `taken`: the fingerprint of what is in use now.
 */
export function startRuleReload({ home, config, log }: Pick<RoleContext, 'home' | 'config' | 'log'>, sets: RuleSets, taken: string, refusedAtStart: string): RuleReload {
  const stop = new AbortController();
  const { reload_s } = config.rules;
  let refused = refusedAtStart;

  async function reload(): Promise<void> {
    const before = sets.current.ruleSet.version;
    const answer = await checkRules({ rules: config.rules, cacheDirectory: home.cache, known: await sets.known(), inUse: before }, stop.signal);
    if (answer.kind === 'refused') throw new Error(answer.problem);
    if (answer.kind === 'same') return;
    await sets.use(openRuleSet(answer.packed));
    log('rules replaced', { version: sets.current.ruleSet.version, before });
  }

  async function onChange(): Promise<void> {
    try {
      await reload();
      refused = '';
    } catch (error) {
      if (stop.signal.aborted) return;
      refused = refusalOf(error);
      log('rules refused', { in_use: sets.current.ruleSet.version, message: refused });
    }
  }

  const watching = reload_s === 0 ? Promise.resolve() : watchRules(watchedPaths(config.rules), taken, reload_s * 1_000, onChange, stop.signal);
  return {
    refused: () => refused,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await watching;
    },
  };
}

/** What the settings name now, for `startRuleReload`: taken before it is read, so that no change is missed. */
export function configuredFingerprint(rules: RoleContext['config']['rules']): Promise<string> {
  return fingerprint(watchedPaths(rules));
}
