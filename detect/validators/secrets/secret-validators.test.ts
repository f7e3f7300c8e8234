import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../contracts/seeded-random.ts';
import { assignedName, namesSecret } from './assigned-name.ts';
import { isPlaceholder } from './placeholder.ts';
import { changeRate } from './randomness.ts';
import { SECRET_VALIDATORS } from './secret-validators.ts';

const SEED = Number(process.env['TOURNIQUET_SEED'] ?? 20261121);
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const random = seededRandom(SEED);
const signs = (count: number, of = ALPHABET): string => Array.from({ length: count }, () => of.charAt(random.below(of.length))).join('');
const KEY = 'Zr8vQ2nL5xKc7TbW1yHd9JfM3sGpA6uE';

/** What the validator takes of the part between guillemets. */
function taken(name: string, text: string): string | undefined {
  const start = text.indexOf('\u00ab');
  const end = text.indexOf('\u00bb') - 1;
  const bare = text.replace('\u00ab', '').replace('\u00bb', '');
  const span = SECRET_VALIDATORS[name]?.(bare, { start, end }, 'message');
  return span === undefined ? undefined : bare.slice(span.start, span.end);
}

describe('a placeholder is', () => {
  test.each(['AKIAIOSFODNN7EXAMPLE', 'xxxxxxxxxxxxxxxx', 'your-api-key-12345', 'your_secret', 'changeme', '${API_KEY}', '{{ token }}', '<your key>', '%API_KEY%', '$TOKEN', 'abcdefghijklmnop', '1234567890123456', 'aaaaaaaaaaaaaaaa', '****************', 'sk-...abcd', 'redacted', '\u27e6secret.password:abc\u27e7', 'put_it_here'])('%s', (value) => {
    expect(isPlaceholder(value)).toBe(true);
  });

  test.each([KEY, '12345678-ABCD-EF01-2345-67890ABCDEF1', 'hunter2hunter2', '4eC39HqLyjWDarjtT1zdp7dc'])('and %s is none', (value) => {
    expect(isPlaceholder(value)).toBe(false);
  });
});

describe('the name before a value', () => {
  test.each([
    ['stripeSecretKey = "', ['stripe', 'secret', 'key']], ['"api_key": "', ['api', 'key']], ['<airtableToken>\n    ', ['airtable', 'token']], ['System.setProperty("CODECOV_TOKEN", "', ['codecov', 'token']],
    ['String apiToken := `', ['string', 'api', 'token']], ['X-Api-Key: ', ['x', 'api', 'key']], ['the auth token is ', ['the', 'auth', 'token']], ['api key rotated by ', []], ['a, b, ', []], ['nothing assigned ', []],
  ])('%j is %j', (text, words) => {
    expect(assignedName(text, text.length)).toEqual(words);
  });

  test.each([['api key', true], ['public key', false], ['csrf token', false], ['secret name', false], ['kms key id', false], ['google site key', false], ['client secret string', true], ['access token url', false]])('%j is of a secret: %s', (name, secret) => {
    expect(namesSecret(name.split(' '))).toBe(secret);
  });
});

describe('assigned', () => {
  test.each([
    [`mistral_api_key=\u00ab${KEY}\u00bb`, KEY], [`heroku_key: \u00ab0f0091f88-ad2f-26c3-bc32-cc0a71e8b802\u00bb`, '0f0091f88-ad2f-26c3-bc32-cc0a71e8b802'], [`token = \u00ab${KEY}.\u00bb`, KEY],
    [`aws_key_name=\u00abshop-server-eu-central\u00bb`, undefined], ['s3_secret=\u00abuploads/2026/11/lamp-300x200\u00bb', undefined], ['api_token=\u00ab/var/www/html/wp-content/x1.php\u00bb', undefined], ['app_token=\u00abwc_order_aB3dE5fG7hI9j\u00bb', undefined], ['token: \u00ab2026-11-21T10:00:00\u00bb', undefined],
    [`api_token=\u00ab${KEY}..\u00bb[redacted]`, undefined], ['privateKey = \u00abed25519PrivateKey1a2b\u00bb(Buffer', undefined],
  ])('takes of %j %j', (text, expected) => {
    expect(taken('assigned', text)).toBe(expected);
  });

  test(`misses fewer than one in 25 random secrets of 16 signs and takes none of 2,000 names made of words, seed ${SEED}`, () => {
    const lower = 'abcdefghijklmnopqrstuvwxyz0123456789';
    const missed = Array.from({ length: 2_000 }, () => taken('assigned-generic', `api_key=\u00ab${signs(16, random.pick([ALPHABET, lower, '0123456789abcdef']))}\u00bb`)).filter((found) => found === undefined).length;
    expect(missed).toBeLessThan(80);
    const words = ['checkout', 'lamp', 'oak', 'shipping', 'Invoice', 'token', 'Widget', 'SHOP', 'eu', 'central', 'Customer'];
    const names = Array.from({ length: 2_000 }, () => `${random.pick(words)}${random.pick(['-', '_', '.'])}${random.pick(words)}${random.pick(['-', '_', ''])}${random.pick(words)}-${random.digits(2)}`);
    expect(names.filter((name) => taken('assigned-generic', `api_key=\u00ab${name}\u00bb`) !== undefined)).toEqual([]);
  });
});

describe('password', () => {
  test.each([['pwd=\u00abhunter2hunter2\u00bb', 'hunter2hunter2'], ['password="\u00abtr0ub4dor&3\u00bb"', 'tr0ub4dor&3'], ['password=\u00abrequired\u00bb', undefined], ['password=\u00ab$wpdb->pass\u00bb', undefined], ["password = \u00abgetenv('X')\u00bb", undefined], ['password_hint=\u00abthe usual one\u00bb', undefined], ['password=\u00abENC[AES256,x]\u00bb', undefined], ['password=\u00ab\u27e6withheld\u27e7\u00bb', undefined]])('takes of %j %j', (text, expected) => {
    expect(taken('password', text)).toBe(expected);
  });

  test.each([['is \u00abSunny1964\u00bb', true], ['is \u00abwrong-again\u00bb', false], ['is \u00abhunTer!\u00bb', true]])('told in words: %j %s', (text, found) => {
    expect(taken('told-password', text) !== undefined).toBe(found);
  });
});

describe('credentials', () => {
  const basic = (text: string): string => Buffer.from(text).toString('base64');

  test.each([['aladdin:opensesame', true], ['username:password', false], ['test:test', false], ['{"alg":"HS256"}', false], ['no colon at all', false], ['jane:abCD 12eF gHiJ 3kLm NoPq RsT4', true]])('base64 of %j are some: %s', (text, found) => {
    expect(taken('basic-credentials', `\u00ab${basic(text)}\u00bb`) !== undefined).toBe(found);
  });

  test.each([['root:s3cret', true], ['user:pass', false], ['${USER}:${PASS}', false], [':d2LkV78zLx!t', true], ['d2LkV78zLx!t:', true], ['jane:', true], ['a:b', false]])('%j are some: %s', (text, found) => {
    expect(taken('plain-credentials', `\u00ab${text}\u00bb`) !== undefined).toBe(found);
  });
});

describe('keys', () => {
  const begin = (kind: string): string => `-----BEGIN ${kind}PRIVATE`.concat(' KEY-----');

  test.each([[begin(''), true], [`${begin('RSA ')}\n${signs(64)}`, true], [`${begin('')}anything`, false], [`${begin('')}\\n${signs(32)}`, true]])('a private key %j: %s', (text, found) => {
    expect(taken('private-key', `\u00ab${text}\u00bb`) !== undefined).toBe(found);
  });

  test('of a private key whose header has a footer behind it none', () => {
    expect(taken('private-key', `\u00ab${begin('')}\u00bb-----END`)).toBeUndefined();
  });

  test.each([['{"alg":"HS256"}', '{"sub":"1"}', true], ['{"zzz":1}', '{"sub":"1"}', true], ['{"zzz":1}', 'no claims', false], ['eyelash', 'eyebrow', false]])('a token with header %j and claims %j: %s', (header, claims, found) => {
    const encoded = [header, claims, 'signature'].map((part) => Buffer.from(part).toString('base64url')).join('.');
    expect(taken('jwt', `\u00ab${encoded}\u00bb`) !== undefined).toBe(found);
  });

  test.each([['a1B2 Cd3E fG4h iJ5k L6mN o7Pq', true], ['here once more than this week', false], ['2026 1121 1030 4500 0012 3456', false]])('an application password %j: %s', (text, found) => {
    expect(taken('application-password', `\u00ab${text}\u00bb`) !== undefined).toBe(found);
  });

  test.each([[`key \u00ab${KEY}\u00bb.`, true], [`/\u00ab${KEY}\u00bb`, false], [`a-\u00ab${KEY}\u00bb`, false], [`\u00ab${KEY}\u00bb.png`, false], [`=\u00ab${KEY}\u00bb;`, true]])('alone in %j: %s', (text, found) => {
    expect(taken('alone', text) !== undefined).toBe(found);
  });

  test('of names in code the kind of sign changes rarely, of keys often', () => {
    expect(changeRate('requiredCharacteristicTypesForDisplay')).toBeLessThan(0.34);
    expect(changeRate(KEY)).toBeGreaterThan(0.5);
    expect(changeRate('----')).toBe(0);
    expect([taken('random', '\u00abhf_requiredCharacteristicTypesForDisplay\u00bb'), taken('issued', '\u00abaaaaaaaaaaaaaaaaaaaaaaab\u00bb')]).toEqual([undefined, undefined]);
  });
});
