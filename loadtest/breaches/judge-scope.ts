import type { ScopeReport, ScopeRequest } from '../../contracts/scope.ts';
import { masksOf } from '../../detect/acts/v1/masks-of.ts';
import { deriveAct } from '../../detect/acts/v1/act.ts';
import { computeScope } from '../../storage/scope/compute-scope.ts';
import { createMemoryStore, NO_FACTS } from '../../storage/scope/memory-store.ts';
import { LEAST_CONFIDENCE } from '../../storage/scope/reasons.ts';
import type { ScopeStore, StoredAct } from '../../storage/scope/scope-store.ts';
import type { Ask } from './breach-story.ts';
import { truthOf } from './world.ts';
import type { World } from './world.ts';

/** What the scope made of one question about one breach. */
export interface Judged {
  readonly world: World;
  readonly ask: Ask;
  readonly report: ScopeReport;
  readonly truth: ReadonlySet<string>;
  /** Persons of the truth that the report names, and persons it names beyond. */
  readonly found: number;
  readonly wrong: readonly string[];
}

const ALERT = 'alert_of_story';

export function requestOf({ site, fromMs, toMs }: World, { seed }: Ask): ScopeRequest {
  return { site, seed: { kind: seed.kind, value: seed.kind === 'alert' ? ALERT : seed.value }, fromMs, toMs, leastConfidence: LEAST_CONFIDENCE };
}

/** The world as rows of the read model, in memory. Alerts rest on the event that the question names. */
export function memoryStoreOf({ site, arrived }: World, { seed }: Ask): ScopeStore {
  const acts: StoredAct[] = [];
  const subjects = new Map<number, readonly { readonly subject: string; readonly kind: string; readonly jurisdiction: string }[]>();
  const agents = new Map<number, string>();
  for (const [leaf, { source, receivedAtMs, provenance, event }] of arrived.entries()) {
    const derived = deriveAct(event, provenance, masksOf(JSON.stringify(event)));
    if (derived === undefined) continue;
    acts.push({ ...derived.act, leaf, atMs: Math.min(source.at, receivedAtMs), receivedAtMs, provenance });
    subjects.set(leaf, derived.subjects);
    agents.set(leaf, agentOf(event['user_agent']));
  }
  const alerts = new Map(seed.kind === 'alert' ? [[ALERT, [arrived.findIndex(({ source }) => source === seed.event)]]] : []);
  return createMemoryStore({ site, acts, subjects, agents, alerts, rules: new Map(), facts: NO_FACTS });
}

function agentOf(agent: unknown): string {
  return typeof agent === 'object' && agent !== null && 'original' in agent && typeof agent.original === 'string' ? agent.original : '';
}

export function judge(world: World, ask: Ask, report: ScopeReport): Judged {
  const truth = truthOf(world, ask);
  const named = report.subjects.map(({ subject }) => subject);
  const wrong = named.filter((subject) => !truth.has(subject));
  return { world, ask, report, truth, found: named.length - wrong.length, wrong };
}

export async function judgeInMemory(world: World, ask: Ask): Promise<Judged> {
  return judge(world, ask, await computeScope(memoryStoreOf(world, ask), requestOf(world, ask)));
}
