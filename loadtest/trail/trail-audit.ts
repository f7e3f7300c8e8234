import type { Random } from '../../contracts/seeded-random.ts';
import { BREACH, COUNTRIES, customer, lettersOf, PROGRAM, someCustomer, STAFF } from './trail-people.ts';
import type { Person } from './trail-people.ts';
import type { TrailScene } from './trail-events.ts';
import { isoTime } from './trail-time.ts';

const DAY_MS = 86_400_000;
const SESSION = 2;
const LIST = 20;
/** Persons that one of the numbered events of an export names. */
const EXPORT_PART = 200;

const CONTACT = '"classes":["pii.address","pii.email","pii.name"],"fields":["billing_address","billing_email","billing_name"]';
const ORDER = '"classes":["pii.address","pii.email","pii.name"],"fields":["billing_address","billing_email","billing_name","order_items"]';
const PAYMENT = '"classes":["fin.refund"],"fields":["refund_amount"]';

interface Told {
  readonly category: string;
  readonly action: string;
  readonly who: Person | undefined;
  /** Hash of the log-in session; '' without one. */
  readonly session: string;
  /** Members beside, each begun by a comma. */
  readonly more: string;
  /** Members of `wordpress` beside, as above. */
  readonly wordpress?: string;
  readonly outcome?: string;
  readonly id?: string;
}

function lineOf({ load }: TrailScene, at: number, { category, action, who, session, more, wordpress = '', outcome = 'success', id }: Told): string {
  const person = who === undefined ? '' : `,"source":{"ip":"${who.ip}"},"user_agent":{"original":"${who.agent}"},"user":{"name":"${who.user}","roles":["${who.role}"]}`;
  const key = who === undefined || who.key === '' ? '' : `,"key":{"id":"${who.key}"}`;
  const inner = `${session === '' ? '' : `,"session":{"hash":"${session}"}`}${key}${wordpress}`;
  const about = id === undefined ? '' : `,"id":"${id}"`;
  return `{"@timestamp":"${isoTime(at)}","event":{"kind":"event","category":"${category}","action":"${action}","outcome":"${outcome}","dataset":"wordpress.audit"${about}},"url":{"domain":"${load.site}.example"}${person}${inner === '' ? '' : `,"wordpress":{${inner.slice(1)}}`}${more}}\n`;
}

function subject(scene: TrailScene, n: number): string {
  return `{"type":"customer","token":"${scene.token(n)}","jurisdiction":"${COUNTRIES[n % COUNTRIES.length] ?? 'DE'}"}`;
}

function subjects(scene: TrailScene, first: number, count: number, step: number): string {
  let text = '';
  for (let i = 0; i < count; i++) text += `${i === 0 ? '' : ','}${subject(scene, (first + i * step) % scene.customers)}`;
  return `,"subjects":[${text}]`;
}

/** A session of each of the staff and day. */
function dutySession({ load }: TrailScene, staff: number, at: number): string {
  return lettersOf(load.seed, SESSION, Math.floor(at / DAY_MS) * 16 + staff, 24);
}

function order(random: Random): string {
  return `,"woocommerce":{"order":{"id":${100_000 + Math.floor(random() * 900_000)}}}`;
}

/** What a customer does: each visit is a session. */
function customerLine(scene: TrailScene, at: number, what: number): string {
  const { random } = scene;
  const n = someCustomer(random, scene.customers);
  const who = customer(n);
  const session = lettersOf(scene.load.seed, SESSION + 1 + (n % 1_000), Math.floor(at / DAY_MS) * 1_000_003 + n, 24);
  if (what < 0.3) return lineOf(scene, at, { category: 'authentication', action: 'user-login', who, session, more: '', wordpress: ',"actor":{"place":"known","device":"known"}' });
  if (what < 0.33) return lineOf(scene, at, { category: 'authentication', action: 'login-failed', who, session: '', more: '', outcome: 'failure' });
  if (what < 0.7) return lineOf(scene, at, { category: 'data_access', action: 'order-viewed', who, session, more: `${order(random)}${subjects(scene, n, 1, 1)}`, wordpress: `,"response":{"subjects":1,"foreign_subjects":0},"data":{${ORDER},"records":1}` });
  if (what < 0.85) return lineOf(scene, at, { category: 'database', action: 'order-created', who, session, more: `${order(random)}${subjects(scene, n, 1, 1)}`, wordpress: `,"data":{${ORDER},"records":1}` });
  return lineOf(scene, at, { category: 'payment', action: 'payment-complete', who, session, more: `${order(random)}${subjects(scene, n, 1, 1)}` });
}

function listRead(scene: TrailScene, at: number, who: Person, session: string): string {
  const { random } = scene;
  const api = who.key !== '';
  return lineOf(scene, at, {
    category: 'data_access', action: api ? 'rest-read' : 'order-list-viewed', who, session, more: subjects(scene, Math.floor(random() * scene.customers), LIST, 7),
    wordpress: `,"request":{"kind":"${api ? 'rest' : 'admin'}"},"actor":{"habit":"known"},"response":{"subjects":${LIST}},"data":{${CONTACT},"records":${LIST}}`,
  });
}

function exportPart(scene: TrailScene, at: number, who: Person, session: string, first: number): string {
  return lineOf(scene, at, {
    category: 'data_export', action: 'orders-exported', who, session, id: lettersOf(scene.load.seed, 3, first, 16), more: `,"woocommerce":{"export":{"rows":${EXPORT_PART},"format":"csv"}}${subjects(scene, first, EXPORT_PART, 1)}`,
    wordpress: `,"actor":{"habit":"known"},"data":{${ORDER},"records":${EXPORT_PART}}`,
  });
}

/** What the staff, programs and plugins do. */
function dutyLine(scene: TrailScene, at: number, what: number): string {
  const { random } = scene;
  const staff = Math.floor(random() * STAFF.length);
  const who = STAFF[staff] ?? BREACH;
  const session = dutySession(scene, staff, at);
  const n = someCustomer(random, scene.customers);
  if (what < 0.4) return lineOf(scene, at, { category: 'data_access', action: 'order-viewed', who, session, more: `${order(random)}${subjects(scene, n, 1, 1)}`, wordpress: `,"request":{"kind":"admin"},"response":{"subjects":1},"data":{${ORDER},"records":1}` });
  if (what < 0.44) return listRead(scene, at, who, session);
  if (what < 0.47) return listRead(scene, at, PROGRAM, '');
  if (what < 0.4703) return exportPart(scene, at, who, session, Math.floor(random() * scene.customers));
  if (what < 0.68) return lineOf(scene, at, { category: 'database', action: 'order-updated', who, session, more: `${order(random)}${subjects(scene, n, 1, 1)}`, wordpress: ',"data":{"fields":["order_status"],"records":1}' });
  if (what < 0.7) return lineOf(scene, at, { category: 'payment', action: 'refund-created', who, session, more: `${order(random)}${subjects(scene, n, 1, 1)}`, wordpress: `,"data":{${PAYMENT},"records":1}` });
  if (what < 0.85) return lineOf(scene, at, { category: 'outbound', action: 'http-request', who: undefined, session: '', more: ',"destination":{"domain":"api.parcels.example"}', wordpress: ',"plugin":{"slug":"parcel-link"},"outbound":{"known":true,"purpose":"shipping","region":"inside"}' });
  if (what < 0.9) return lineOf(scene, at, { category: 'ai', action: 'prompt-sent', who, session, more: `,"destination":{"domain":"llm.${scene.load.site}.example"}${subjects(scene, n, 1, 1)}`, wordpress: ',"plugin":{"slug":"assistant"},"ai":{"location":"local","policy":"local"},"outbound":{"region":"inside"},"data":{"classes":["pii.name"],"records":1}' });
  if (what < 0.98) return lineOf(scene, at, { category: 'email', action: 'mail-sent', who: undefined, session: '', more: `,"destination":{"domain":"mail.relay.example"}${subjects(scene, n, 1, 1)}`, wordpress: ',"plugin":{"slug":"woocommerce"},"mail":{"template":"order-completed"},"outbound":{"known":true,"purpose":"mail","region":"inside"},"data":{"classes":["pii.email"],"records":1}' });
  return lineOf(scene, at, { category: 'configuration', action: 'option-updated', who, session, more: '', wordpress: ',"option":{"name":"woocommerce_shipping_zones","group":"general"}' });
}

/** An audit event of the site's everyday. */
export function auditLine(scene: TrailScene, at: number): string {
  const share = scene.random();
  return share < 0.45 ? customerLine(scene, at, scene.random()) : dutyLine(scene, at, scene.random());
}

/** Deed number `n` of the breach: lists, and now and then an export. */
export function breachLine(scene: TrailScene, at: number, n: number): string {
  const session = lettersOf(scene.load.seed, SESSION, 0xbad, 24);
  return n % 500 === 499 ? exportPart(scene, at, BREACH, session, Math.floor(scene.random() * scene.customers)) : listRead(scene, at, BREACH, session);
}
