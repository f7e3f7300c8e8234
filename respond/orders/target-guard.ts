import { BlockList, isIP } from 'node:net';
import { TARGETS } from '../../contracts/command.ts';
import type { CommandAction } from '../../contracts/command.ts';

/**
 * What is wrong with a target, in words for people; undefined when nothing is. The plugin has a guard of its own, which
 * knows the site's real checkout, its last administrator and its plugins: this one only keeps back what is wrong anywhere.
 */
export function targetProblem(action: CommandAction, target: string): string | undefined {
  const kind = TARGETS[action];
  switch (kind) {
    case 'account':
      return accountProblem(target);
    case 'uuid':
      return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(target) ? undefined : 'the UUID of an application password, in lower case';
    case 'key':
      return /^wc:[1-9][0-9]{0,9}$/.test(target) ? undefined : 'a REST key as wordpress.key.id names it, "wc:7"';
    case 'plugin':
      return pluginProblem(target);
    case 'route':
      return routeProblem(target);
    case 'network':
      return networkProblem(target);
    case 'host':
      return hostProblem(target);
    case 'parts':
      return partsProblem(target);
    case 'nothing':
      return target === '' ? undefined : 'takes no target';
    case 'policy':
      return 'is set with "tourniquet site policy"';
    default:
      return kind satisfies never;
  }
}

function accountProblem(target: string): string | undefined {
  if (target.includes('@')) return 'an account whose login is an e-mail address is named by its token, as the log has it: commands stay in the register';
  return /^[\p{L}\p{N} ._-]{1,60}$/u.test(target) && target.trim() === target ? undefined : 'a login or the token that names the account on the log';
}

/** Without them there is no shop, or nobody who obeys. */
const NEEDED_PLUGINS = ['tourniquet', 'woocommerce'];

function pluginProblem(target: string): string | undefined {
  if (!/^[a-z0-9][a-z0-9._-]{0,99}$/i.test(target)) return 'the slug of a plugin';
  return NEEDED_PLUGINS.includes(target.toLowerCase()) ? `${target} cannot be disabled from here: it would take the checkout, or this very hand, offline` : undefined;
}

/** What every shop needs to sell and to be logged in to, whatever it calls its pages. */
const NEEDED_PATHS = [
  '/wp-login.php', '/wp-cron.php', '/wp-admin/admin-ajax.php', '/wp-admin/admin-post.php', '/wp-json/wc/store', '/wp-json/tourniquet', '/wc-api', '/wp-json/wc-stripe', '/wp-json/paypal',
  '/checkout', '/cart', '/my-account', '/index.php', '/wp-includes', '/wp-content/uploads',
];

/** `/s` is the start of a shop's every second page. */
const LEAST_ROUTE_CHARS = 4;

function routeProblem(target: string): string | undefined {
  if (!/^\/[A-Za-z0-9._~/-]{1,255}$/.test(target) || target.includes('//') || target.split('/').some((part) => part === '.' || part === '..')) return 'a path that begins with "/", without query, escapes or dots that lead elsewhere';
  const start = target.toLowerCase();
  const bare = start.replace(/\/+$/, '');
  if (bare.length < LEAST_ROUTE_CHARS) return 'a path of at least three characters behind "/": a shorter one begins much that nobody named';
  // Blocked by its start: also what a needed path begins with, and what lies below one.
  const needed = NEEDED_PATHS.find((path) => path.startsWith(bare) || start.startsWith(`${path}/`));
  return needed === undefined ? undefined : `it would block ${needed}, which log-in, checkout or payments need`;
}

/** Larger networks hold customers, too. */
const LEAST_PREFIX = { ipv4: 16, ipv6: 32 } as const;

const OWN = new BlockList();
OWN.addSubnet('127.0.0.0', 8, 'ipv4');
OWN.addSubnet('0.0.0.0', 8, 'ipv4');
OWN.addSubnet('169.254.0.0', 16, 'ipv4');

/** All that a client's IPv6 address may be: what lies outside is the site's own link, or an IPv4 address in another spelling. */
const CLIENTS_6 = new BlockList();
CLIENTS_6.addSubnet('2000::', 3, 'ipv6');
CLIENTS_6.addSubnet('fc00::', 7, 'ipv6');

function networkProblem(target: string): string | undefined {
  const [address = '', prefix, ...rest] = target.split('/');
  const version = address.includes('%') ? 0 : isIP(address);
  if (version === 0 || rest.length > 0 || (prefix !== undefined && !/^(?:0|[1-9][0-9]{0,2})$/.test(prefix))) return 'an address or network, "192.0.2.7" or "2001:db8::/48"';
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const bits = prefix === undefined ? undefined : Number(prefix);
  if (bits !== undefined && bits > (version === 4 ? 32 : 128)) return 'its prefix is too long';
  if (bits !== undefined && bits < LEAST_PREFIX[family]) return `a network of /${LEAST_PREFIX[family]} at most: a larger one holds customers, too`;
  if (/^::ffff:/i.test(address)) return 'an IPv4 address is written as such';
  const isOwn = version === 4 ? OWN.check(address, family) : !CLIENTS_6.check(address, family);
  return isOwn ? 'the address of the site itself, or of nobody' : undefined;
}

/** Hosts of payment services: without them nobody can pay. What the owner declared for payments the plugin keeps free, too. */
const NEEDED_HOSTS = ['stripe.com', 'paypal.com', 'paypalobjects.com', 'mollie.com', 'adyen.com', 'klarna.com', 'braintreegateway.com', 'squareup.com', 'authorize.net', 'worldpay.com', 'sumup.com', 'amazonpay.com'];

function hostProblem(target: string): string | undefined {
  const labels = target.split('.');
  const isHost = target.length <= 253 && labels.length >= 2 && labels.every((label) => /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label)) && !/^[0-9]+$/.test(labels.at(-1) ?? '');
  if (!isHost) return 'a host name of at least two parts, in lower case (xn-- where it has other letters)';
  const needed = NEEDED_HOSTS.find((host) => host === target || target.endsWith(`.${host}`) || host.endsWith(`.${target}`));
  return needed === undefined ? undefined : `it would block ${needed}: nobody could pay`;
}

const PARTS = ['plugins', 'sessions', 'changes', 'cron', 'administrators', 'debug-log'];

function partsProblem(target: string): string | undefined {
  const parts = target === '' ? [] : target.split(',');
  return new Set(parts).size === parts.length && parts.every((part) => PARTS.includes(part)) ? undefined : `nothing for all, or some of ${PARTS.join(',')}`;
}
