import { seededRandom } from '../contracts/seeded-random.ts';

/** The seeded reference load: ECS access events of about 400 bytes, 1% with an attack that was answered, 5% with an e-mail address. */
export interface ReferenceLoad {
  readonly seed: number;
  readonly attackShare: number;
  readonly emailShare: number;
}

export const REFERENCE_LOAD: ReferenceLoad = { seed: 20261121, attackShare: 0.01, emailShare: 0.05 };

const PATHS = ['/', '/shop/', '/cart/', '/checkout/', '/my-account/', '/product/vitamin-d/', '/product/omega-3/', '/blog/sleeping-well/', '/wp-json/wc/store/v1/cart', '/wp-admin/admin-ajax.php', '/wp-content/themes/shop/style.css'];
const QUERIES = ['', '', '', 's=vitamin', 'orderby=price&paged=2', 'add-to-cart=%IDS%', 'wc-ajax=get_refreshed_fragments', 'ver=6.1.9'];
const ATTACKS = ['id=1+UNION+SELECT+user_pass+FROM+wp_users', 'file=..%2f..%2f..%2fwp-config.php', 'q=%3Cscript%3Ealert(1)%3C/script%3E', 'page=php://filter/resource=index', 'author=1', "id=1'+or+'1'='1"];
const AGENTS = [
  'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Firefox/128.0',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15) Firefox/127.0',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/128.0',
];
const METHODS = ['GET', 'GET', 'GET', 'GET', 'POST'];
const STATUSES = [200, 200, 200, 200, 302, 304, 404];

export interface ReferenceLine {
  /** One JSON object, without line feed. */
  readonly line: string;
  readonly attack: boolean;
  readonly email: boolean;
}

/** An endless stream of lines; `startMs` is the first event's time. Equal arguments give equal lines. */
export function* referenceLines(load: ReferenceLoad, startMs: number): Generator<ReferenceLine, never> {
  const random = seededRandom(load.seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T; // never empty
  for (let i = 0; ; i++) {
    const chance = random();
    const attack = chance < load.attackShare;
    const email = !attack && chance < load.attackShare + load.emailShare;
    const plain = pick(QUERIES).replace('%IDS%', String(100 + Math.floor(random() * 900)));
    const query = attack ? pick(ATTACKS) : email ? `email=customer${Math.floor(random() * 50_000)}%40mail.example` : plain;
    const somePath = pick(PATHS);
    const path = attack ? '/wp-admin/admin-ajax.php' : somePath;
    const ip = `198.51.${Math.floor(random() * 256)}.${Math.floor(random() * 256)}`;
    const line = JSON.stringify({
      '@timestamp': new Date(startMs + i * 3).toISOString(),
      event: { kind: 'event', category: ['http'], action: 'access', outcome: 'success' },
      source: { ip },
      url: { domain: 'shop.example', path, query },
      http: { request: { method: pick(METHODS) }, response: { status_code: attack ? 200 : pick(STATUSES), body: { bytes: Math.floor(random() * 90_000) } } },
      user_agent: { original: pick(AGENTS) },
    });
    yield { line, attack, email };
  }
}

/** Bodies of `linesPerBlock` plain lines, each ended by a line feed. */
export function referenceBodies(load: ReferenceLoad, startMs: number, blocks: number, linesPerBlock: number): readonly Buffer[] {
  const lines = referenceLines(load, startMs);
  return Array.from({ length: blocks }, () => Buffer.from(Array.from({ length: linesPerBlock }, () => `${lines.next().value.line}\n`).join('')));
}
