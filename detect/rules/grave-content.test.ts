import { expect, test } from 'vitest';
import { ALERT_LEVELS } from '../../contracts/alert.ts';
import { SHIPPED_SIGMA } from '../rule-set/read-sources.ts';
import { withScan } from '../scan-fields.ts';
import { readRules } from '../sigma/language/read-rules.ts';
import { ruleFilesOf } from '../sigma/language/rule-files.ts';
import { matches } from '../sigma/naive/matches.ts';
import { consider } from './consideration.ts';
import { shippedSurroundings } from './rules-fixture.ts';

const { rules } = readRules(ruleFilesOf([SHIPPED_SIGMA]).files);
const surroundings = shippedSurroundings();

type Event = Readonly<Record<string, unknown>>;
/** A class found in a field of an event. */
type Sighting = readonly [dataClass: string, field: string, event: Event];

/** Signatures raise no alert by themselves: a rule has to say that this is the wrong place for what they found. */
function alerts(dataClass: string, field: string, event: Event): boolean {
  const seen = withScan(event, [{ rule: 'tourniquet.some.signature', class: dataClass, level: 'low', field, view: '' }]);
  return rules.detections.some((rule) => rule.standalone && ALERT_LEVELS.includes(rule.level) && consider(rule, seen, undefined, surroundings).considered && matches(rule, seen, surroundings));
}

const REQUEST = { event: { dataset: 'nginx.access', category: 'http' }, url: { path: '/page/' }, http: { request: { method: 'POST' }, response: { status_code: 200 } } };
const FAILED = { ...REQUEST, http: { response: { status_code: 500 } } };
const BEACON = { ...REQUEST, url: { path: '/metrics/g/collect' } };
const DEBUG = { event: { dataset: 'wordpress.debug', category: 'process' } };
const PHP = { event: { dataset: 'php.error', category: 'process' } };
const QUERY = { event: { dataset: 'mysql.general', category: 'database' } };

function act(category: string, action: string, more: Event = {}): Event {
  return { event: { dataset: 'wordpress.audit', category, action, outcome: 'success' }, ...more };
}

const CALL = act('outbound', 'http-request', { destination: { domain: 'drop.example' }, wordpress: { outbound: { known: false } } });
const ANALYTICS = act('outbound', 'http-request', { destination: { domain: 'www.google-analytics.com' } });
const MESSAGE = act('outbound', 'sms-sent', { destination: { domain: 'sms.example' }, wordpress: { outbound: { known: true, purpose: 'sms' } } });
const MAIL = act('email', 'mail-sent');
const CLOUD = act('ai', 'prompt-sent', { wordpress: { ai: { location: 'cloud' } } });
const ANSWER = act('ai', 'completion-received');
const READ = act('data_access', 'rest-read');
const NOTE = act('database', 'order-updated', { user: { name: 'mira' } });
const UPLOAD = act('file', 'file-uploaded');

const BODY = 'http.request.body.content';
const PAGE = 'http.response.body.content';

const WRONG_PLACES: readonly Sighting[] = [
  ...['canary.customer', 'canary.order', 'canary.key'].flatMap((name): readonly Sighting[] => [
    [name, PAGE, REQUEST], [name, 'url.query', REQUEST], [name, 'message', DEBUG], [name, 'message', PHP], [name, 'db.query.text', QUERY], [name, BODY, CALL], [name, 'email.body', MAIL], [name, 'ai.prompt', CLOUD], [name, PAGE, READ],
  ]),
  ...['pci.pan', 'pci.track', 'pci.cvv'].flatMap((name): readonly Sighting[] => [
    [name, 'url.query', REQUEST], [name, 'http.request.referrer', REQUEST], [name, BODY, REQUEST], [name, PAGE, REQUEST], [name, PAGE, FAILED], [name, 'message', DEBUG], [name, 'db.query.text', QUERY],
    [name, 'woocommerce.order.note', NOTE], [name, 'wordpress.upload.sample', UPLOAD], [name, 'email.body', MAIL], [name, BODY, MESSAGE], [name, 'ai.prompt', CLOUD], [name, BODY, CALL],
  ]),
  ...['phi.mrn', 'phi.diagnosis', 'pii.us_ssn', 'pii.national_id'].flatMap((name): readonly Sighting[] => [
    [name, 'url.query', REQUEST], [name, 'http.request.referrer', REQUEST], [name, 'url.query', BEACON], [name, PAGE, FAILED], [name, 'message', DEBUG], [name, 'wordpress.upload.sample', UPLOAD],
    [name, 'email.body', MAIL], [name, BODY, MESSAGE], [name, BODY, ANALYTICS], [name, 'ai.prompt', CLOUD], [name, 'ai.completion', ANSWER], [name, BODY, CALL],
  ]),
  ...['secret.private_key', 'secret.database_url', 'secret.wordpress_salt'].flatMap((name): readonly Sighting[] => [
    [name, 'message', DEBUG], [name, 'message', PHP], [name, PAGE, REQUEST], [name, PAGE, FAILED], [name, BODY, CALL], [name, 'ai.prompt', CLOUD],
  ]),
  ...['secret.api_key', 'secret.aws_key'].flatMap((name): readonly Sighting[] => [[name, 'message', DEBUG], [name, PAGE, REQUEST], [name, BODY, CALL], [name, 'email.body', MAIL], [name, 'ai.prompt', CLOUD]]),
  ['secret.session', 'url.query', REQUEST], ['secret.session', 'http.request.referrer', REQUEST], ['secret.private_key', 'email.body', MAIL],
  ...['ip.price_list', 'ip.source_code'].flatMap((name): readonly Sighting[] => [[name, BODY, CALL], [name, 'email.body', MAIL], [name, 'ai.prompt', CLOUD], [name, PAGE, REQUEST], [name, PAGE, READ]]),
  ['fin.iban', 'url.query', REQUEST], ['fin.iban', 'message', DEBUG], ['fin.iban', BODY, CALL], ['attack.skimmer', PAGE, REQUEST], ['attack.skimmer', 'wordpress.option.content', act('configuration', 'option-updated')],
];

test.each(WRONG_PLACES)('%s in %s of %j raises an alert', (dataClass, field, event) => {
  expect(alerts(dataClass, field, event)).toBe(true);
});

const RIGHT_PLACES: readonly Sighting[] = [
  ['pii.email', BODY, REQUEST], ['pii.address', 'email.body', MAIL], ['pii.phone', BODY, MESSAGE], ['pii.email', 'url.query', REQUEST], ['phi.mrn', 'woocommerce.order.note', NOTE], ['phi.diagnosis', BODY, REQUEST],
  ['pii.name', 'db.query.text', QUERY], ['secret.api_key', 'http.request.headers.authorization', act('outbound', 'http-request', { wordpress: { outbound: { known: true } } })],
  ['payment.token', BODY, REQUEST], ['ip.price_list', 'wordpress.post.content', act('database', 'post-updated', { user: { roles: ['editor'] } })], ['attack.sqli', 'url.query', REQUEST], ['attack.xss', 'url.query', REQUEST],
];

test.each(RIGHT_PLACES)('%s in %s of %j, where it belongs or says nothing yet, raises none', (dataClass, field, event) => {
  expect(alerts(dataClass, field, event)).toBe(false);
});
