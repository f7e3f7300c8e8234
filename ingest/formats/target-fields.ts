/** Members of `url`, for parsers that build their event as an object (`request-line.ts` has the same as text). */
export interface TargetFields {
  readonly domain?: string;
  readonly port?: number;
  readonly path?: string;
  readonly query?: string;
  readonly original?: string;
}

const SERVER = /^([A-Za-z0-9.-]{1,253})(?::([0-9]{1,5}))?$/;

/** `/path?query` or `https://host/path?query`; the host of the address wins over that of the header. */
export function targetFields(target: string, host: string | undefined): TargetFields | undefined {
  const scheme = /^https?:\/\//i.exec(target)?.[0];
  const slash = scheme === undefined ? 0 : target.indexOf('/', scheme.length);
  const named = scheme === undefined ? host : target.slice(scheme.length, slash < 0 ? target.length : slash);
  const server = SERVER.exec(named ?? '');
  const place = { ...(server?.[1] === undefined ? {} : { domain: server[1] }), ...(server?.[2] === undefined ? {} : { port: Number(server[2]) }) };
  if (target === '') return server === null ? undefined : place;
  const rest = slash < 0 ? '/' : target.slice(slash).replace(/#.*$/s, '');
  if (!rest.startsWith('/')) return { ...place, original: target };
  const mark = rest.indexOf('?');
  return mark < 0 ? { ...place, path: rest } : { ...place, path: rest.slice(0, mark), query: rest.slice(mark + 1) };
}
