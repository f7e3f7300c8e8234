import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { ScopeReport } from '../../contracts/scope.ts';
import type { Trail } from '../../contracts/trail.ts';
import { ConsoleError } from '../console/errors.ts';
import { BY_PERSON, responses } from '../console/openapi.ts';
import type { PathItems } from '../console/openapi.ts';
import type { Admit } from '../console/people.ts';
import { readScopeRequest } from '../scope/scope-request.ts';
import { answeredScope } from '../scope/scope-routes.ts';
import type { ScopeStore } from '../scope/scope-store.ts';
import { bundleAct } from './bundle-act.ts';
import type { BundleInput } from './bundle-input.ts';
import { tarOf } from './bundle-tar.ts';
import { writeToDirectory } from './directory-sink.ts';
import { writeBundle } from './write-bundle.ts';

export interface BundleRouteDeps {
  readonly store: ScopeStore;
  /** `readBundle`. */
  readonly bundleOf: (report: ScopeReport) => Promise<BundleInput>;
  readonly admit: Admit;
  readonly trail: Trail;
}

/** Each holds a bundle on disk and the scope in memory. */
const MOST_AT_ONCE = 2;

/** `POST /v1/bundle`: a `ScopeRequest` in, the evidence bundle of its scope out, as a tar archive, for who may ask for bundles. */
export function addBundleRoutes(server: FastifyInstance, deps: BundleRouteDeps): void {
  let underWay = 0;
  const oneMore = (): (() => void) => {
    let isUnderWay = true;
    underWay++;
    return () => {
      if (isUnderWay) underWay--;
      isUnderWay = false;
    };
  };
  server.route({
    method: 'POST', url: '/v1/bundle',
    async handler(request, reply) {
      const asker = await deps.admit(request, 'bundle');
      const asked = readScopeRequest(request.body);
      if ('problem' in asked) throw new ConsoleError('TQ-CONSOLE-07', asked);
      if (underWay >= MOST_AT_ONCE) throw new ConsoleError('TQ-CONSOLE-10');
      const release = oneMore();
      try {
        const report = await answeredScope(deps, asked, asker);
        await deps.trail.write(bundleAct(asked.site, asker));
        const archive = await bundleArchive(await deps.bundleOf(report), release);
        return await reply.type('application/x-tar').header('content-disposition', `attachment; filename="${asked.site}-bundle.tar"`).send(archive);
      } catch (error) {
        release();
        throw error;
      }
    },
  });
}

/** The archive, of a bundle that is whole before its first byte is given. What lay on disk is gone when the stream closed, then `onEnd` is called. */
async function bundleArchive(input: BundleInput, onEnd: () => void): Promise<Readable> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tourniquet-bundle-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const directory = path.join(folder, 'bundle');
    await writeToDirectory(directory, (sink) => writeBundle(input, sink));
    const archive = Readable.from(tarOf(directory, `${input.report.request.site}-bundle`), { objectMode: false });
    archive.once('close', () => void remove().finally(onEnd));
    return archive;
  } catch (error) {
    await remove();
    throw error;
  }
}

/** What `/openapi.json` says of the route. It takes what the scope's takes. */
export const BUNDLE_PATHS: PathItems = {
  '/v1/bundle': {
    post: {
      summary: 'The evidence bundle of a scope, which a third party checks alone; needs the role compliance', security: BY_PERSON,
      requestBody: { $ref: '#/paths/~1v1~1scope/post/requestBody' },
      responses: responses({ 'application/x-tar': { schema: { type: 'string', format: 'binary' } } }, 400, 401, 403, 413, 422, 429, 500, 503),
    },
  },
};
