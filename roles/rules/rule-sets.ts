import type { ControlStream } from '../../contracts/event-log.ts';
import type { RuleSetContent } from '../../contracts/rule-set.ts';
import type { Stage, StageVersions } from '../../contracts/stage.ts';
import type { CorrelationRule } from '../../detect/sigma/rule.ts';
import type { CompiledRules, RuleFigures } from './compiled-rules.ts';
import { prepareRuleSet } from './prepared-rule-set.ts';
import type { KnownSeals, PreparedRuleSet } from './prepared-rule-set.ts';
import { openSealedRuleSets } from './sealed-rule-sets.ts';
import type { SealedRuleSet } from './sealed-rule-sets.ts';

/** Sets kept ready: the one in use, and one that a recovery or the second stage asks for. */
const MOST_READY = 2;

/** The rule set in use and those before it. Each is sealed before its first group, so that any group can be derived again. */
export interface RuleSets {
  /** In use. */
  readonly current: SealedRuleSet;
  figures(): RuleFigures;
  /** What a new group is derived with. */
  versions(): StageVersions;
  stageFor(versions: StageVersions): Promise<Stage>;
  correlationsOf(version: string): Promise<{ readonly order: number; readonly correlations: readonly CorrelationRule[] }>;
  known(): Promise<KnownSeals>;
  /** Makes the set ready, seals it, and puts it to use from the next group on. Rejects, and changes nothing, when it does not compile. */
  use(prepared: PreparedRuleSet): Promise<void>;
}

interface Ready {
  readonly sealed: SealedRuleSet;
  readonly compiled: CompiledRules;
}

/**
 * Begins with this content; with the set that was sealed last when reading or compiling it fails, which `onRefused`
 * hears. Rejects with the same when there is no sealed set either.
 */
export async function openRuleSets(
  registry: ControlStream,
  compile: (prepared: PreparedRuleSet) => Promise<CompiledRules>,
  content: () => Promise<RuleSetContent>,
  onRefused: (error: unknown) => void,
  /** Before any group is derived with this version. When it rejects, the set before stays in use. */
  beforeUse: (version: string) => Promise<void> = async () => undefined,
): Promise<RuleSets> {
  const seals = openSealedRuleSets(registry);

  async function ready(sealed: SealedRuleSet): Promise<Ready> {
    return { sealed, compiled: await compile(sealed) };
  }

  /** Compiled before it is sealed: the registry holds no set that was never ready. */
  async function take(prepared: PreparedRuleSet): Promise<Ready> {
    const compiled = await compile(prepared);
    return { sealed: await seals.seal(prepared), compiled };
  }

  async function begin(): Promise<Ready> {
    const known = await seals.known();
    try {
      return await take(prepareRuleSet(await content(), known));
    } catch (error) {
      if (known.last === undefined) throw error;
      onRefused(error);
      return ready(await seals.read(known.last));
    }
  }

  let current = await begin();
  await beforeUse(current.sealed.ruleSet.version);
  /** In the order of their last use. */
  const others = new Map<string, Promise<Ready>>();

  function of(version: string): Promise<Ready> {
    if (version === current.sealed.ruleSet.version) return Promise.resolve(current);
    const made = others.get(version) ?? seals.read(version).then(ready);
    made.catch(() => others.delete(version));
    return keep(version, made);
  }

  function keep(version: string, made: Promise<Ready>): Promise<Ready> {
    others.delete(version);
    others.set(version, made);
    for (const oldest of others.keys()) if (others.size >= MOST_READY) others.delete(oldest);
    return made;
  }

  return {
    get current() {
      return current.sealed;
    },
    figures: () => current.compiled.figures(),
    versions: () => current.compiled.stage.versions,
    async stageFor({ derivation, rules }) {
      const known = current.compiled.stage.versions.derivation;
      if (derivation !== known) throw new Error(`derivation v${derivation} is not part of this version; finish its groups with the version that prepared them`);
      return (await of(rules)).compiled.stage;
    },
    async correlationsOf(version) {
      const { sealed, compiled } = await of(version);
      return { order: sealed.order, correlations: compiled.correlations };
    },
    known: () => seals.known(),
    async use(prepared) {
      const before = current;
      const next = await take(prepared);
      await beforeUse(next.sealed.ruleSet.version);
      current = next;
      others.delete(current.sealed.ruleSet.version);
      await keep(before.sealed.ruleSet.version, Promise.resolve(before));
    },
  };
}
