import { DESKTOPS } from './agents.ts';
import type { Duty, Partner, Site, StaffMember } from './site.ts';

const ROLES = { owner: 'administrator', developer: 'administrator', support: 'shop_manager', bookkeeper: 'shop_manager', editor: 'editor' } as const;

/** People of a site: `name duty from-to`, who share the office's address and have a home each. */
function staff(network: number, ...people: readonly `${string} ${Duty} ${number}-${number}`[]): readonly StaffMember[] {
  return people.map((text, i) => {
    // The type of `people` says so.
    const [user, duty, hours] = text.split(' ') as [string, Duty, string];
    const [from = 8, to = 17] = hours.split('-').map(Number);
    return { user, duty, role: ROLES[duty], from, to, office: `192.0.2.${network}`, home: `2001:db8:${network}:${i + 1}::5`, agent: DESKTOPS[(network + i) % DESKTOPS.length] ?? '' };
  });
}

/** Each `host purpose`. */
function partners(...texts: readonly `${string} ${string}`[]): readonly Partner[] {
  return texts.map((text) => {
    // The type of `texts` says so.
    const [host, purpose] = text.split(' ') as [string, string];
    return { host, purpose };
  });
}

export const SITES: readonly Site[] = [
  {
    name: 'praxis-nord', kind: 'healthcare-shop', domain: 'praxis-nord.example', ip: '192.0.2.1',
    staff: staff(10, 'sabine owner 7-16', 'jonas support 8-17', 'reception support 7-18', 'greta bookkeeper 9-15', 'agentur-lund developer 9-18'),
    products: ['vitamin-d-1000', 'inhaler-spacer', 'blood-pressure-monitor', 'first-aid-kit', 'thermometer', 'insulin-cooling-bag', 'compression-socks', 'pill-organiser'],
    articles: ['flu-season', 'how-to-measure-blood-pressure', 'opening-hours', 'prescription-refill', 'travel-pharmacy'],
    searches: ['vitamin d', 'inhaler', 'blood pressure monitor', 'magnesium', 'nasal spray', 'first aid', 'thermometer digital', 'select comfort pillow'],
    plugins: ['woocommerce', 'wordfence', 'booking-calendar', 'contact-form-7', 'assistant'], gateway: 'stripe',
    integrations: [{ name: 'erp', ip: '192.0.2.200', agent: 'LexERP/4.2 (WooCommerce connector)' }],
    assistant: { plugin: 'assistant', host: 'ollama.praxis-nord.internal' }, partners: partners('api.stripe.example payment', 'ship.parcel.example shipping', 'backup.vault.example backup', 'api.wordpress.org update', 'mail.relay.example mail'),
  },
  {
    name: 'klinik-see', kind: 'clinic', domain: 'klinik-see.example', ip: '192.0.2.2',
    staff: staff(30, 'dr-weiss owner 8-17', 'anmeldung support 7-17', 'pflege support 6-18', 'hanna editor 9-16', 'verwaltung bookkeeper 8-15', 'technik developer 8-17'),
    products: ['check-up', 'travel-vaccination', 'physiotherapy-ten', 'nutrition-course', 'back-training'],
    articles: ['knee-surgery', 'visiting-hours', 'our-team', 'patient-portal', 'how-we-protect-your-data', 'jobs-nursing', 'diabetes-course'],
    searches: ['appointment', 'knee', 'parking', 'visiting hours', 'mri', 'drop in clinic', 'physio union square'],
    plugins: ['woocommerce', 'gravityforms', 'wp-security-audit-log', 'telehealth-rooms', 'assistant'], gateway: 'invoice',
    integrations: [{ name: 'clinic-system', ip: '192.0.2.201', agent: 'MediBridge/2.9' }],
    assistant: { plugin: 'assistant', host: '10.20.0.8' }, partners: partners('rooms.telehealth.example telehealth', 'sms.reminder.example sms', 'backup.vault.example backup', 'api.wordpress.org update', 'mail.relay.example mail'),
  },
  {
    name: 'garten-werk', kind: 'ai-shop', domain: 'garten-werk.example', ip: '192.0.2.3',
    staff: staff(50, 'mira owner 8-18', 'till support 9-18', 'lea support 10-19', 'buero bookkeeper 8-14', 'paula editor 9-17', 'devteam developer 9-18'),
    products: ['hedge-trimmer', 'rain-barrel-300', 'oak-planter', 'compost-bin', 'hose-25m', 'table-saw', 'drop-leaf-table', 'union-hose-coupling', 'lounge-chair', 'seed-set'],
    articles: ['winter-proof-your-garden', 'select-the-right-soil', 'join-our-workshop', 'order-by-december', 'how-to-build-a-raised-bed'],
    searches: ['hose', 'union coupling', 'drop leaf table', 'select soil', "men's gloves", 'raised bed 2 x 1', 'seeds 50% off', 'table & chairs', 'or similar'],
    plugins: ['woocommerce', 'ninjafirewall', 'ai-engine', 'mailpoet', 'yoast-seo', 'reviews-plus'], gateway: 'paypal',
    integrations: [{ name: 'erp', ip: '192.0.2.202', agent: 'WooSync/7.1' }, { name: 'marketplace', ip: '192.0.2.203', agent: 'FeedRunner/3.0' }],
    assistant: { plugin: 'ai-engine', host: 'localhost' }, partners: partners('api.paypal.example payment', 'ship.parcel.example shipping', 'backup.vault.example backup', 'api.wordpress.org update', 'newsletter.mail.example mail', 'mail.relay.example mail'),
  },
  {
    name: 'stahl-form', kind: 'manufacturer', domain: 'stahl-form.example', ip: '192.0.2.4',
    staff: staff(70, 'vogt owner 7-17', 'vertrieb support 7-16', 'lager support 6-15', 'konto bookkeeper 8-16', 'texte editor 9-17', 'it developer 7-16'),
    products: ['bracket-e120', 'bracket-e140', 'hinge-h7', 'profile-4040', 'custom-cut', 'gas-spring-350n', 'clamp-m8'],
    articles: ['tolerances-explained', 'certificates', 'material-data', 'trade-fair', 'price-inquiry'],
    searches: ['e120', '4040 profile', 'm8 clamp', 'din 6799', 'hinge 90 degree', 'table of tolerances', 'where to buy'],
    plugins: ['woocommerce', 'sucuri-scanner', 'b2b-prices', 'quote-request', 'ai-writer'], gateway: 'invoice',
    integrations: [{ name: 'erp', ip: '192.0.2.204', agent: 'SAP-Connector/1.8' }],
    assistant: { plugin: 'ai-writer', host: 'llm.stahl-form.lan' }, partners: partners('ship.parcel.example shipping', 'backup.vault.example backup', 'api.wordpress.org update', 'mail.relay.example mail', 'cad.viewer.example viewer'),
  },
  {
    name: 'payfox', kind: 'fintech', domain: 'payfox.example', ip: '192.0.2.5',
    staff: staff(90, 'noor owner 8-18', 'emil support 8-17', 'support support 9-21', 'ledger bookkeeper 7-16', 'platform developer 9-18'),
    products: ['card-reader-2', 'invoice-plan', 'terminal-roll', 'starter-box', 'payout-plus'],
    articles: ['fees', 'how-payouts-work', 'security', 'api-status', 'card-testing-explained'],
    searches: ['payout', 'card reader', 'api key', 'iban change', 'refund', 'sql export plugin', 'drop shipping'],
    plugins: ['woocommerce', 'wp-cerber', 'two-factor', 'payfox-ledger', 'assistant'], gateway: 'payfox',
    integrations: [{ name: 'ledger', ip: '192.0.2.205', agent: 'LedgerSync/5.5' }],
    assistant: { plugin: 'assistant', host: '127.0.0.1' }, partners: partners('acquirer.example payment', 'kyc.verify.example payment', 'backup.vault.example backup', 'api.wordpress.org update', 'mail.relay.example mail'),
  },
];

/** Throws a RangeError for a name that no site has. */
export function siteOf(name: string): Site {
  const site = SITES.find((one) => one.name === name);
  if (site === undefined) throw new RangeError(`no site of the scenarios is called ${name}`);
  return site;
}
