import { existsSync } from 'node:fs';
import path from 'node:path';
import type { EventLog } from '../../contracts/event-log.ts';
import type { RuleSet } from '../../contracts/rule-set.ts';
import { readRules } from '../../detect/sigma/language/read-rules.ts';
import type { Config } from '../config/config.ts';
import { openEventLog } from '../event-log.ts';
import type { Home } from '../home.ts';
import { openSealedRuleSets } from '../rules/sealed-rule-sets.ts';

/** Content hashes of rules by id. */
type Hashes = ReadonlyMap<string, string>;

export interface RuleVersions {
  /** Whether a rule had another content in a set that is sealed. Undefined when that set cannot be read here. */
  isChanged(rule: string, ruleSetVersion: string): Promise<boolean | undefined>;
}

/** Compares hunted rules with those of the sets on record, each of which is read once. */
export function createRuleVersions(hunted: RuleSet, read: (version: string) => Promise<RuleSet>): RuleVersions {
  const now = hashesOf(hunted);
  const then = new Map<string, Promise<Hashes | undefined>>();
  return {
    async isChanged(rule, version) {
      const known = then.get(version) ?? read(version).then(hashesOf, () => undefined);
      then.set(version, known);
      const hashes = await known;
      return hashes === undefined ? undefined : hashes.get(rule) !== now.get(rule);
    },
  };
}

function hashesOf({ sigma, placeholders }: RuleSet): Hashes {
  const { detections, correlations } = readRules(sigma, { placeholders }).rules;
  return new Map([...detections, ...correlations].map(({ id, hash }) => [id, hash]));
}

/** Reads sealed sets of the event log, which is opened when it is first needed. */
export function sealedSets(config: Config, home: Home): AsyncDisposable & { readonly read: (version: string) => Promise<RuleSet> } {
  let opened: Promise<EventLog> | undefined;
  const { kind, directory } = config.log;
  return {
    async read(version) {
      // A log that is not here must not be made.
      if (kind !== 'kafka' && !existsSync(directory === '' ? path.join(home.data, 'log') : directory)) throw new Error('the event log is elsewhere');
      opened ??= openEventLog(config, home);
      return (await openSealedRuleSets((await opened).registry).read(version)).ruleSet;
    },
    async [Symbol.asyncDispose]() {
      await (await opened)?.[Symbol.asyncDispose]();
    },
  };
}
