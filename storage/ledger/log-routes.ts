import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DEPLOYMENT_SITE, isName, SYSTEM_SITE } from '../../contracts/names.ts';
import { parseTilePath } from '../../contracts/tile.ts';
import { ConsoleError } from '../console/errors.ts';
import type { PathItems } from '../console/openapi.ts';
import { responses } from '../console/openapi.ts';
import { Slots } from '../engine/slots.ts';
import { LedgerError } from './errors.ts';
import type { LedgerReader } from './ledger-reader.ts';
import type { SiteCheckpoint } from './signed-checkpoints.ts';
import { SITES_PER_PAGE } from './signed-checkpoints.ts';

export interface LogDeps {
  readonly reader: LedgerReader;
}

/** Answers that are computed at one time, and how many wait for their turn: anyone may ask. */
const AT_ONE_TIME = 4;
const WAITING = 64;

const FOR_EVER = 'public, max-age=31536000, immutable';

interface SiteParams {
  readonly site: string;
}

type Asked = FastifyRequest<{ Params: SiteParams & { readonly '*'?: string }; Querystring: Readonly<Record<string, unknown>> }>;

/**
 * The sites' trees as C2SP tlog-tiles (c2sp.org/tlog-tiles) under /log/SITE, and proofs as JSON for who does not want to
 * compute them. Hashes only: there are no entry bundles, because lines are not public.
 */
export function addLogRoutes(server: FastifyInstance, { reader }: LogDeps): void {
  const slots = new Slots(Array.from({ length: AT_ONE_TIME }, (_, i) => i), WAITING);

  async function inTurn<T>(compute: () => Promise<T>): Promise<T> {
    const slot = await slots.take().catch((cause: unknown) => {
      throw new ConsoleError('TQ-CONSOLE-10', { cause });
    });
    try {
      return await compute();
    } catch (error) {
      throw toAnswer(error);
    } finally {
      slot.release();
    }
  }

  server.get<{ Querystring: Readonly<Record<string, unknown>> }>('/log', async ({ query }) => {
    const { after = '' } = query;
    if (typeof after !== 'string' || (after !== '' && !isSite(after))) throw new ConsoleError('TQ-CONSOLE-07', { problem: 'after is no name of a site' });
    const sites = await inTurn(() => reader.sites(after));
    return { sites: sites.map(({ site, size, root }) => ({ site, size, root: root.toString('base64') })), ...(sites.length < SITES_PER_PAGE ? {} : { next: sites.at(-1)?.site }) };
  });

  server.get<{ Params: SiteParams }>('/log/:site/checkpoint', async ({ params }, reply) => {
    const { note } = await inTurn(() => newest(reader, params.site));
    return reply.header('content-type', 'text/plain; charset=utf-8').header('cache-control', 'no-cache').send(note);
  });

  server.get<{ Params: SiteParams & { readonly '*': string } }>('/log/:site/tile/*', async ({ params }, reply) => {
    const tile = parseTilePath(params['*']);
    if (tile === undefined) throw new ConsoleError('TQ-CONSOLE-05');
    const hashes = await inTurn(() => reader.tile(siteOf(params), tile));
    return reply.header('content-type', 'application/octet-stream').header('cache-control', FOR_EVER).send(hashes);
  });

  server.get('/log/:site/proof/inclusion', (request: Asked) => inTurn(() => inclusionAnswer(reader, request)));
  server.get('/log/:site/proof/consistency', (request: Asked) => inTurn(() => consistencyAnswer(reader, request)));
}

async function inclusionAnswer(reader: LedgerReader, request: Asked): Promise<object> {
  const site = siteOf(request.params);
  const leaf = numberOf(request, 'leaf') ?? missing('leaf');
  const asked = numberOf(request, 'size');
  const checkpoint = await vouching(reader, site, asked);
  const size = asked ?? checkpoint.size;
  const { leafHash, path } = await reader.inclusionProof(site, leaf, size);
  return { site, leaf, size, leaf_hash: leafHash.toString('base64'), root: (await reader.rootAt(site, size)).toString('base64'), proof: path.map((hash) => hash.toString('base64')), checkpoint: checkpoint.note };
}

async function consistencyAnswer(reader: LedgerReader, request: Asked): Promise<object> {
  const site = siteOf(request.params);
  const from = numberOf(request, 'from') ?? missing('from');
  const asked = numberOf(request, 'to');
  const checkpoint = await vouching(reader, site, asked);
  const to = asked ?? checkpoint.size;
  const proof = await reader.consistencyProof(site, from, to);
  return { site, from, to, root: (await reader.rootAt(site, to)).toString('base64'), proof: proof.map((hash) => hash.toString('base64')), checkpoint: checkpoint.note };
}

function isSite(name: string): boolean {
  return isName(name) || name === SYSTEM_SITE || name === DEPLOYMENT_SITE;
}

function siteOf({ site }: SiteParams): string {
  if (!isSite(site)) throw new ConsoleError('TQ-CONSOLE-05');
  return site;
}

function numberOf({ query }: Asked, name: string): number | undefined {
  const text = query[name];
  if (text === undefined) return undefined;
  if (typeof text !== 'string' || !/^(0|[1-9][0-9]{0,14})$/.test(text)) throw new ConsoleError('TQ-CONSOLE-07', { problem: `${name} is no number of leaves` });
  return Number(text);
}

function missing(name: string): never {
  throw new ConsoleError('TQ-CONSOLE-07', { problem: `${name} is missing` });
}

/** The newest checkpoint, or the smallest that reaches so far. */
async function vouching(reader: LedgerReader, site: string, size: number | undefined): Promise<SiteCheckpoint> {
  return (await reader.checkpoint(site, size)) ?? newest(reader, site).then(() => {
    throw new LedgerError('TQ-LEDGER-02', `site ${site}`);
  });
}

async function newest(reader: LedgerReader, site: string): Promise<SiteCheckpoint> {
  const checkpoint = await reader.checkpoint(siteOf({ site }));
  if (checkpoint === undefined) throw new LedgerError('TQ-LEDGER-01', `site ${site}`);
  return checkpoint;
}

/** What is not there, yet or ever, is 404; what cannot be a number of leaves 422; what is broken stays what it is. */
function toAnswer(error: unknown): unknown {
  if (!(error instanceof LedgerError)) return error;
  switch (error.code) {
    case 'TQ-LEDGER-01':
      return new ConsoleError('TQ-CONSOLE-05', { problem: 'no checkpoint of such a site is signed', cause: error });
    case 'TQ-LEDGER-02':
      return new ConsoleError('TQ-CONSOLE-05', { problem: 'the newest signed checkpoint does not reach so far', cause: error });
    case 'TQ-LEDGER-06':
      return new ConsoleError('TQ-CONSOLE-07', { problem: 'leaves are counted from 0 and are less than the size, which is at least 1', cause: error });
    case 'TQ-LEDGER-03':
    case 'TQ-LEDGER-04':
    case 'TQ-LEDGER-05':
      return error;
    default:
      return error.code satisfies never;
  }
}

const SITE = { name: 'site', in: 'path', required: true, schema: { type: 'string' } };
const leaves = (name: string, required: boolean): object => ({ name, in: 'query', required, schema: { type: 'integer', minimum: 0 } });
const HASH = { type: 'string', contentEncoding: 'base64' };
const PROOF = { type: 'object', properties: { site: { type: 'string' }, leaf_hash: HASH, root: HASH, proof: { type: 'array', items: HASH }, checkpoint: { type: 'string', description: 'C2SP signed note of at least the size' } } };

/** For the console's /openapi.json. */
export const LOG_PATHS: PathItems = {
  '/log': { get: { summary: 'Sites and the size and root of their newest checkpoint', security: [], parameters: [{ name: 'after', in: 'query', schema: { type: 'string' } }], responses: responses({ 'application/json': { schema: { type: 'object' } } }, 422, 503) } },
  '/log/{site}/checkpoint': { get: { summary: 'The newest signed checkpoint (c2sp.org/tlog-checkpoint)', security: [], parameters: [SITE], responses: responses({ 'text/plain': { schema: { type: 'string' } } }, 404, 503) } },
  '/log/{site}/tile/{tile}': { get: { summary: 'Hashes of a tile, <L>/<N>[.p/<W>] (c2sp.org/tlog-tiles)', security: [], parameters: [SITE, { name: 'tile', in: 'path', required: true, schema: { type: 'string' } }], responses: responses({ 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } }, 404, 503) } },
  '/log/{site}/proof/inclusion': { get: { summary: 'That a leaf is in the tree of a size (RFC 6962 section 2.1.1)', security: [], parameters: [SITE, leaves('leaf', true), leaves('size', false)], responses: responses({ 'application/json': { schema: PROOF } }, 404, 422, 503) } },
  '/log/{site}/proof/consistency': { get: { summary: 'That an earlier tree is the beginning of a later one (RFC 6962 section 2.1.2)', security: [], parameters: [SITE, leaves('from', true), leaves('to', false)], responses: responses({ 'application/json': { schema: PROOF } }, 404, 422, 503) } },
};
