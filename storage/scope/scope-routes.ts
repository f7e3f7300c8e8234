import type { FastifyInstance } from 'fastify';
import type { ScopeReport, ScopeRequest } from '../../contracts/scope.ts';
import type { Doer, Trail } from '../../contracts/trail.ts';
import { ConsoleError } from '../console/errors.ts';
import type { Admit } from '../console/people.ts';
import { computeScope, ScopeError } from './compute-scope.ts';
import { readScopeRequest } from './scope-request.ts';
import type { ScopeStore } from './scope-store.ts';

export interface ScopeRouteDeps {
  readonly store: ScopeStore;
  readonly admit: Admit;
  readonly trail: Trail;
}

/** `POST /v1/scope`: a `ScopeRequest` in, a `ScopeReport` out, for who may ask for scopes. */
export function addScopeRoutes(server: FastifyInstance, deps: ScopeRouteDeps): void {
  server.route({
    method: 'POST', url: '/v1/scope',
    async handler(request) {
      const asker = await deps.admit(request, 'scope');
      const asked = readScopeRequest(request.body);
      if ('problem' in asked) throw new ConsoleError('TQ-CONSOLE-07', asked);
      return await answeredScope(deps, asked, asker);
    },
  });
}

/** Computes a scope; who asked for what stands on the trail before anybody sees it. */
export async function answeredScope({ store, trail }: Pick<ScopeRouteDeps, 'store' | 'trail'>, request: ScopeRequest, actor?: Doer): Promise<ScopeReport> {
  await trail.write(scopeAct(request, actor));
  try {
    return await computeScope(store, request);
  } catch (error) {
    if (error instanceof ScopeError) throw new ConsoleError('TQ-CONSOLE-07', { problem: error.message, cause: error });
    throw error;
  }
}

/** What the trail keeps of a question: what the seed is of, not which address it is. */
function scopeAct({ site, seed, fromMs, toMs, leastConfidence, confidences, innocent }: ScopeRequest, actor: Doer | undefined): Parameters<Trail['write']>[0] {
  return {
    action: 'scope-computed', category: ['data_access'], outcome: 'unknown', target: { kind: 'site', name: site, site }, ...(actor === undefined ? {} : { actor }),
    about: {
      scope: {
        seed: seed.kind, ...(seed.kind === 'address' ? {} : { value: seed.value }), from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString(), least_confidence: leastConfidence,
        confidences: confidences === undefined ? {} : { ...confidences }, innocent: innocent?.length ?? 0,
      },
    },
  };
}
