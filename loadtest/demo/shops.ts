import { madeUpToken } from '../made-up-token.ts';

/** The three shops of the demo's day and what their visitors and staff do. All names and numbers are made up. */
export interface Shop {
  readonly site: string;
  readonly domain: string;
  readonly products: readonly string[];
  readonly staff: readonly string[];
  readonly admin: string;
}

export const SHOPS: readonly Shop[] = [
  { site: 'praxis-nord', domain: 'praxis-nord.example', products: ['vitamin-d', 'inhaler-spacer', 'blood-pressure-monitor', 'first-aid-kit', 'thermometer'], staff: ['sabine', 'jonas', 'reception'], admin: 'sabine' },
  { site: 'garten-werk', domain: 'garten-werk.example', products: ['hedge-trimmer', 'rain-barrel-300', 'oak-planter', 'compost-bin', 'hose-25m'], staff: ['mira', 'till'], admin: 'mira' },
  { site: 'payfox', domain: 'payfox.example', products: ['card-reader-2', 'invoice-plan', 'terminal-roll', 'starter-box'], staff: ['noor', 'emil', 'support'], admin: 'noor' },
];

export function shopNamed(site: string): Shop {
  const found = SHOPS.find((shop) => shop.site === site);
  if (found === undefined) throw new RangeError(`the demo has no shop ${site}`);
  return found;
}

export const AGENTS: readonly string[] = [
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0',
  'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
];

/** Somebody logged in, as audit events name them. */
export interface Member {
  readonly address: string;
  readonly user: string;
  readonly role: string;
  readonly session: string;
  readonly agent: string;
}

export function member(shop: Shop, user: string, role: string, address: string, agent: string): Member {
  return { address, user, role, session: madeUpToken(`${shop.site} session of ${user} at ${address}`), agent };
}

/** One of the staff at work: each has a desk, a browser and one session for the day. */
export function atWork(shop: Shop, user: string): Member {
  const desk = shop.staff.indexOf(user);
  return member(shop, user, user === shop.admin ? 'administrator' : 'shop_manager', `192.0.2.${10 + desk}`, AGENTS[desk % 2 === 0 ? 0 : 2] ?? '');
}
