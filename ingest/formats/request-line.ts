/** Members of the JSON objects `http`, `http.request` and the whole `url`, as text; empty where there is nothing. */
export interface RequestFields {
  readonly version: string;
  readonly method: string;
  readonly url: string;
}

const METHOD = /^[A-Za-z][A-Za-z_-]{0,31}$/;

/**
 * `METHOD target HTTP/x.y`, HTTP/0.9's `METHOD target`, or whatever was sent to the port (TLS bytes, nothing at all):
 * then the text is `url.original`. `domain`: members of `url` known from elsewhere, or nothing.
 */
export function requestFields(request: string, domain: string): RequestFields {
  const methodEnd = request.indexOf(' ');
  const method = request.slice(0, Math.max(methodEnd, 0));
  const lastSpace = request.lastIndexOf(' ');
  const version = lastSpace > methodEnd ? httpVersion(request.slice(lastSpace + 1)) : '';
  const target = request.slice(methodEnd + 1, version === '' ? request.length : lastSpace);
  if (!METHOD.test(method) || target === '' || (version === '' && !target.startsWith('/'))) {
    return { version: '', method: '', url: urlJson(domain, `"original":${JSON.stringify(request)}`) };
  }
  return {
    version: version === '' ? '' : `"version":"${version}",`,
    method: `"method":"${method}"`,
    url: urlJson(domain, targetJson(target, domain === '')),
  };
}

function urlJson(domain: string, members: string): string {
  return `,"url":{${domain}${domain === '' ? '' : ','}${members}}`;
}

function httpVersion(text: string): string {
  return text.length <= 8 && /^HTTP\/[0-9](?:\.[0-9])?$/.test(text) ? text.slice(5) : '';
}

/** A proxy's `http://host/path` keeps its text beside the parts; `*` and `host:port` are only text. */
function targetJson(target: string, takeDomain: boolean): string {
  if (target.charCodeAt(0) === 0x2f) return pathJson(target);
  const original = `"original":${JSON.stringify(target)}`;
  const scheme = /^https?:\/\//i.exec(target)?.[0];
  if (scheme === undefined) return original;
  const slash = target.indexOf('/', scheme.length);
  const host = target.slice(scheme.length, slash < 0 ? target.length : slash);
  const server = takeDomain ? /^([A-Za-z0-9.-]{1,253})(?::([0-9]{1,5}))?$/.exec(host) : null;
  const domain = server === null ? '' : `"domain":"${server[1]}",${server[2] === undefined ? '' : `"port":${Number(server[2])},`}`;
  return `${domain}${original}${slash < 0 ? '' : `,${pathJson(target.slice(slash))}`}`;
}

function pathJson(target: string): string {
  const mark = target.indexOf('?');
  if (mark < 0) return `"path":${JSON.stringify(target)}`;
  return `"path":${JSON.stringify(target.slice(0, mark))},"query":${JSON.stringify(target.slice(mark + 1))}`;
}
