import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { acceptReports } from './accept-reports.ts';
import { readReports, reportLine } from './browser-report.ts';
import { GatewayError } from './errors.ts';
import { gatewayServer } from './gateway.ts';
import { wrongProxies } from './trusted-proxies.ts';
import { NOW_MS, openTestGateway, rawRequest, SITE } from './test-gateway.ts';
import type { TestGateway } from './test-gateway.ts';

const PERSON = 'mara.muster@shop.example';
const PAGE = `https://shop.example/checkout/order-received/81?key=wc_order_abc&email=${PERSON}#pay`;
const CSP = { 'csp-report': { 'document-uri': PAGE, referrer: `https://shop.example/?s=${PERSON}`, 'violated-directive': "script-src-elem 'self'", 'effective-directive': 'script-src-elem', 'original-policy': "script-src 'self'", 'blocked-uri': 'https://cdn-jquery.example/j.js?u=5', disposition: 'report', 'script-sample': `var e="${PERSON}"` } };
const CALLED = [
  { type: 'csp-violation', age: 5, url: PAGE, user_agent: 'x', body: { documentURL: PAGE, blockedURL: 'wss://collect.example/s', effectiveDirective: 'connect-src', disposition: 'enforce', sample: PERSON } },
  { type: 'deprecation', url: PAGE, body: { id: 'x', message: PERSON } },
];
const INVENTORY = { v: 1, page: PAGE, scripts: [{ src: 'https://cdn.example/a.js?v=2', known: false, fields: true }, { src: 'https://shop.example/b.js', known: true }] };

function send(gateway: TestGateway, body: unknown, contentType = 'application/json', site: string = SITE, address = '192.0.2.1') {
  return acceptReports(gateway.context, rawRequest({ body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), contentType, params: { site }, address }));
}

async function eventsOf(gateway: TestGateway): Promise<readonly unknown[]> {
  return (await gateway.records()).flatMap(({ body }) => body.toString().trimEnd().split('\n').map((line): unknown => JSON.parse(line)));
}

const EVENT = { '@timestamp': new Date(NOW_MS).toISOString(), url: { domain: 'shop.example', path: '/checkout/order-received/81' } };
const about = (action: string, outcome: string) => ({ kind: 'event', category: 'http', action, outcome, dataset: 'browser.report' });

describe('reports become plain events of their site', () => {
  test.each([
    ['of report-uri', 'application/csp-report', CSP, [{ ...EVENT, event: about('csp-violation', 'success'), wordpress: { script: { host: 'cdn-jquery.example', path: '/j.js' }, report: { type: 'report-uri', directive: 'script-src-elem', disposition: 'report' } } }]],
    ['of the Reporting API', 'application/reports+json; charset=utf-8', CALLED, [{ ...EVENT, event: about('csp-violation', 'failure'), wordpress: { script: { host: 'collect.example', path: '/s' }, report: { type: 'reporting-api', directive: 'connect-src', disposition: 'enforce' } } }]],
    ['of the inventory', 'text/plain', INVENTORY, [
      { ...EVENT, event: about('script-seen', 'success'), wordpress: { script: { host: 'cdn.example', path: '/a.js', known: false, fields: true }, report: { type: 'inventory' } } },
      { ...EVENT, event: about('script-seen', 'success'), wordpress: { script: { host: 'shop.example', path: '/b.js', known: true }, report: { type: 'inventory' } } },
    ]],
  ] as const)('%s', async (_name, type, body, events) => {
    await using gateway = await openTestGateway();
    await send(gateway, body, type);
    expect(await eventsOf(gateway)).toEqual(events);
    const [record] = await gateway.records();
    expect([record?.head.site, record?.head.stream, record?.head.provenance, record?.body.includes('mara')]).toEqual([SITE, 'browser', 'gateway', false]);
  });

  test('an inline script has no host and says what it is; extensions of the visitor and other kinds of reports say nothing', async () => {
    const blocked = (uri: string, source = '') => readReports(JSON.stringify({ 'csp-report': { ...CSP['csp-report'], 'blocked-uri': uri, 'source-file': source } }));
    expect(blocked('inline')?.[0]).toMatchObject({ script: {}, report: { blocked: 'inline' } });
    expect(blocked('data')?.[0]).toMatchObject({ script: {}, report: { blocked: 'data' } });
    for (const uri of ['chrome-extension://abc/x.js', 'moz-extension', 'safari-web-extension://x']) expect(blocked(uri)).toEqual([]);
    expect(blocked('eval', 'moz-extension://abc/x.js')).toEqual([]);
    expect(readReports(JSON.stringify([{ type: 'crash', url: PAGE, body: {} }, 7, null, { type: 'csp-violation' }]))).toEqual([]);
  });

  test('hosts and paths that may hold a person or a secret are cut where they do', () => {
    const scripts = [`https://user:pw@shop.example/u/${PERSON}/x.js`, `https://shop.example/${encodeURIComponent(PERSON)}.js`, 'https://shop.example/4111111111111111/a.js', `https://${'a'.repeat(40)}.evil.example/a.js`, `https://shop.example/${'k'.repeat(40)}`];
    const lines = readReports(JSON.stringify({ page: PAGE, scripts: scripts.map((src) => ({ src })) }))?.map((report) => reportLine(report, NOW_MS)).join('\n') ?? '';
    expect(lines.split('\n')).toHaveLength(5);
    for (const raw of ['mara', 'muster', 'pw@', '4111', 'aaaa', 'kkkk', 'key=', '#pay']) expect([raw, lines.includes(raw)]).toEqual([raw, false]);
  });
});

describe('anybody may send anything', () => {
  test('a path that was made up carries no attack into the log', () => {
    const paths = ['/<script>alert(1)</script>', "/x' OR 1=1--", '/{{7*7}}', '/${jndi:ldap://a.example/x}', '/;cat /etc/passwd|sh', '/%3Cimg src=x onerror=alert(1)%3E', '/..%2f..%2fetc%2fpasswd', '/\u27e6pii.email:abc\u27e7'];
    const found = readReports(JSON.stringify({ page: PAGE, scripts: paths.map((path) => ({ src: `https://shop.example${path}` })) })) ?? [];
    expect(found.map(({ script }) => script.path)).toEqual(found.map(() => expect.stringMatching(/^[\p{L}\p{N}/._~-]+$/u)));
    expect(found).toHaveLength(paths.length);
  });

  test('an unknown site, our own among them, is answered like any other, and nothing is stored', async () => {
    await using gateway = await openTestGateway();
    await send(gateway, CSP, 'application/csp-report', 'nobody');
    await expect(send(gateway, CSP, 'application/csp-report', '_system')).rejects.toMatchObject({ code: 'TQ-GATEWAY-27' });
    await expect(send(gateway, '{', 'application/csp-report', 'nobody')).rejects.toMatchObject({ code: 'TQ-GATEWAY-37' });
    expect(await gateway.records()).toEqual([]);
  });

  test('at most twenty reports of a body are taken', async () => {
    await using gateway = await openTestGateway();
    await send(gateway, Array.from({ length: 50 }, () => CALLED[0]), 'application/reports+json');
    await send(gateway, { ...INVENTORY, scripts: Array.from({ length: 50 }, () => INVENTORY.scripts[0]) });
    expect(await eventsOf(gateway)).toHaveLength(40);
  });

  test('one network cannot send on for others, and one site not for all', async () => {
    await using gateway = await openTestGateway();
    const codes = async (times: number, address: (i: number) => string, site?: string) => (await Promise.all(Array.from({ length: times }, (_, i) => send(gateway, '[]', 'application/reports+json', site, address(i)).then(() => 'taken', (error: unknown) => (error instanceof GatewayError ? error.code : 'other'))))).filter((code) => code !== 'taken');
    expect(await codes(310, (i) => `2001:db8:0:7:${i.toString(16)}::1`, 'other')).toEqual(Array.from({ length: 10 }, () => 'TQ-GATEWAY-30'));
    expect(await codes(310, (i) => `198.51.${Math.floor(i / 250)}.${i % 250}`)).toEqual(Array.from({ length: 10 }, () => 'TQ-GATEWAY-30'));
    expect(await codes(1, () => '203.0.113.1', 'third')).toEqual([]);
  });

  test('of proxies in front only those that are trusted say whose budget it is', async () => {
    expect(wrongProxies(['10.0.0.0/8', '192.0.2.1', '2001:db8::/32', '10.0.0.0/33', 'proxy', '1.2.3', '192.0.2.1/24/24', '::1/129', 'fe80::1%eth0', '192.0.2.1/', '0.0.0.0/0', '::/0'])).toEqual(['10.0.0.0/33', 'proxy', '1.2.3', '192.0.2.1/24/24', '::1/129', 'fe80::1%eth0', '192.0.2.1/', '0.0.0.0/0', '::/0']);
    const refused = async (trusted: readonly string[]) => {
      await using gateway = await openTestGateway({ config: { trusted_proxies: trusted } });
      const app = gatewayServer(gateway.context);
      const answers = await Promise.all(Array.from({ length: 310 }, (_, i) => app.inject({ method: 'POST', url: `/v1/reports/site-${i}`, payload: '[]', headers: { 'content-type': 'application/json', 'x-forwarded-for': `198.51.${Math.floor(i / 250)}.${i % 250}` } })));
      return answers.filter(({ statusCode }) => statusCode === 429).length;
    };
    expect([await refused([]), await refused(['127.0.0.0/8']), await refused(['192.0.2.1'])]).toEqual([10, 0, 10]);
  });

  test('over HTTP: preflight and reports are answered without a body, from any page; too much and other types are refused', async () => {
    await using gateway = await openTestGateway();
    const app = gatewayServer(gateway.context);
    const url = `/v1/reports/${SITE}`;
    const preflight = await app.inject({ method: 'OPTIONS', url, headers: { origin: 'https://shop.example', 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' } });
    expect([preflight.statusCode, preflight.body, preflight.headers['access-control-allow-origin'], preflight.headers['access-control-allow-methods'], preflight.headers['access-control-allow-headers']]).toEqual([204, '', '*', 'POST', 'content-type']);
    const taken = await app.inject({ method: 'POST', url, payload: JSON.stringify(CALLED), headers: { 'content-type': 'application/reports+json' } });
    expect([taken.statusCode, taken.body, taken.headers['access-control-allow-origin']]).toEqual([204, '', '*']);
    const large = await app.inject({ method: 'POST', url, payload: 'x'.repeat(64 * 1024 + 1), headers: { 'content-type': 'application/json' } });
    const other = await app.inject({ method: 'POST', url, payload: '{}', headers: { 'content-type': 'text/html' } });
    expect([large.statusCode, large.json().code, other.statusCode, other.json().code]).toEqual([413, 'TQ-GATEWAY-14', 415, 'TQ-GATEWAY-38']);
    expect(await eventsOf(gateway)).toHaveLength(1);
  });

  test('whatever a body holds, each event is one line of our own shape and nothing is thrown (seed 20261121)', () => {
    const random = seededRandom(20_261_121);
    const texts = ['', 'inline', PAGE, 'https://x', 'http://[::1]/a', 'https://ü.example/ä', 'javascript:alert(1)', 'a\nb', '\u0000', '\ud800', '__proto__', 'x'.repeat(9000), 'https://e.example/' + '%'.repeat(50), PERSON, `https://e.example/%ff/${PERSON}`];
    const odd = (): unknown => random.pick<unknown>([...texts, ...texts, null, true, 0, 1e300, [], {}, [[]], { scripts: [] }, 'csp-violation', 'enforce']);
    const spoiled = (value: unknown): unknown => {
      if (random.chance(0.15)) return odd();
      if (Array.isArray(value)) return Array.from({ length: random.below(4) }, () => spoiled(random.pick([...value, odd()])));
      if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, one]) => [random.chance(0.05) ? '__proto__' : key, spoiled(one)]));
      return value;
    };
    let events = 0;
    for (let i = 0; i < 20_000; i++) {
      for (const report of readReports(JSON.stringify(spoiled(random.pick<unknown>([CSP, CALLED, INVENTORY])))) ?? []) {
        const line = reportLine(report, NOW_MS);
        events++;
        expect(line).not.toMatch(/\n|mara|muster/);
        expect(line.length).toBeLessThan(2000);
        expect(Object.keys(JSON.parse(line) as object)).toEqual(['@timestamp', 'event', 'url', 'wordpress']);
      }
    }
    expect(events).toBeGreaterThan(5_000);
  });
});
