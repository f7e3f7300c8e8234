import type { KeyedRules, KeyedRun, KeyedStage } from '../../contracts/keyed-stage.ts';

/** Which rule set a run goes by. Records of several sets may alternate during a reload: the last to come into use stays. */
export interface RulesInUse {
  /** Undefined before the first. */
  readonly version: string | undefined;
  /** From here on the set holds, unless a later one does. True when it was not in use before. Rejects as `KeyedStage.rules`. */
  told(version: string, run: KeyedRun): Promise<boolean>;
}

export function createRulesInUse(stage: Pick<KeyedStage, 'rules'>): RulesInUse {
  let inUse: KeyedRules | undefined;
  /** Told since, and older. */
  const passed = new Set<string>();
  return {
    get version() {
      return inUse?.version;
    },
    async told(version, run) {
      if (inUse?.version === version || passed.has(version)) return false;
      const rules = await stage.rules(version);
      if (inUse !== undefined && rules.order <= inUse.order) {
        passed.add(version);
        return false;
      }
      run.use(rules);
      inUse = rules;
      passed.clear();
      return true;
    },
  };
}
