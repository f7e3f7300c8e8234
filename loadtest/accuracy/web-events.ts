import { corpusRows, corpusText } from '../../contracts/reference-data.ts';

/** One request of the CRS corpus, as its README describes it. */
export interface CrsRequest {
  readonly rule: number;
  readonly test: number;
  readonly paranoia: number | null;
  readonly desc: string;
  readonly method: string;
  readonly uri: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly body_base64?: string;
  readonly expected: 'match' | 'no_match';
}

/** Requests of the CRS corpus; undefined when it is not on this machine. */
export function crsRequests(): readonly CrsRequest[] | undefined {
  // Rows of a corpus that is part of no input.
  return corpusRows('web-attacks/crs/crs.ndjson') as readonly CrsRequest[] | undefined;
}

const KNOWN_HEADERS = new Set(['referer', 'user-agent']);

/** The line a shipper of access and request logs would send. */
export function requestLine({ method, uri, headers, body, body_base64: encoded }: Pick<CrsRequest, 'method' | 'uri' | 'headers' | 'body' | 'body_base64'>): string {
  const mark = uri.indexOf('?');
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const others = Object.fromEntries(Object.entries(lower).filter(([name]) => !KNOWN_HEADERS.has(name)));
  const content = encoded === undefined ? body : Buffer.from(encoded, 'base64').toString('latin1');
  return JSON.stringify({
    '@timestamp': '2026-11-20T10:00:00.000Z',
    event: { kind: 'event', category: ['http'], action: 'access', outcome: 'success' },
    url: { original: uri, path: mark < 0 ? uri : uri.slice(0, mark), ...(mark < 0 ? {} : { query: uri.slice(mark + 1) }) },
    http: { request: { method, ...(lower['referer'] === undefined ? {} : { referrer: lower['referer'] }), headers: others, ...(content === null ? {} : { body: { content } }) } },
    ...(lower['user-agent'] === undefined ? {} : { user_agent: { original: lower['user-agent'] } }),
  });
}

/** A request with a value of one parameter, in the address and encoded as browsers do, or in a form's body. */
export function valueLine(name: string, value: string, place: 'query' | 'body' = 'query'): string {
  const pair = `${name}=${encodeURIComponent(value)}`;
  const headers = { 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0', Host: 'shop.example' };
  return place === 'query' ? requestLine({ method: 'GET', uri: `/shop/?${pair}`, headers, body: null }) : requestLine({ method: 'POST', uri: '/wp-comments-post.php', headers, body: pair });
}

/** An attack of the HttpParams corpus. */
export interface HttpParam {
  readonly payload: string;
  readonly type: string;
}

/** Quoted columns payload, length, type, label; undefined when the corpus is not on this machine. */
export function httpParams(): readonly HttpParam[] | undefined {
  const csv = corpusText('web-attacks/httpparams/payload_attacks.csv');
  return csv?.split('\n').slice(1).flatMap((row) => {
    const [, payload, type] = /^"((?:[^"]|"")*)","[^"]*","([^"]*)"/.exec(row) ?? [];
    return payload === undefined || type === undefined ? [] : [{ payload: payload.replaceAll('""', '"'), type }];
  });
}
