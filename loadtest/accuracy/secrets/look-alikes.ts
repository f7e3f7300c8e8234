import type { Random } from '../../../contracts/seeded-random.ts';
import type { Text } from './text.ts';

const HEX = '0123456789abcdef';
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const ALL = `${LETTERS}${LETTERS.toUpperCase()}0123456789`;
const BASE64 = `${ALL}+/`;

/** What shops, browsers and builds write that is random and opens nothing. */
export function secretLookAlikes(random: Random, count: number): readonly Text[] {
  const { below, pick, digits } = random;
  const signs = (n: number, of: string): string => Array.from({ length: n }, () => of.charAt(below(of.length))).join('');
  const hex = (n: number): string => signs(n, HEX);
  const uuid = (): string => `${hex(8)}-${hex(4)}-4${hex(3)}-${pick(['8', '9', 'a', 'b'])}${hex(3)}-${hex(12)}`;
  const word = (): string => pick(['lamp', 'vitamin', 'checkout', 'oak-planter', 'gift-card', 'shipping', 'newsletter', 'account', 'review', 'invoice', 'stripe', 'github', 'google']);
  const query: readonly (() => string)[] = [
    () => `_wpnonce=${hex(10)}&action=${word()}`, () => `key=wc_order_${signs(13, ALL)}`, () => `ver=${hex(pick([8, 20, 32, 40]))}`, () => `v=${digits(10)}`, () => `security=${hex(10)}&wc-ajax=update_order_review`,
    () => `gclid=${signs(84, `${ALL}_-`)}`, () => `fbclid=IwAR${signs(57, `${ALL}_-`)}`, () => `msclkid=${hex(32)}&utm_campaign=${word()}_${digits(6)}`, () => `_gl=1*${signs(6, LETTERS)}*_ga*${digits(10)}.${digits(10)}`,
    () => `fragment_hash=${hex(32)}`, () => `g-recaptcha-response=03A${signs(300, `${ALL}_-`)}`, () => `token=EC-${signs(17, '0123456789ABCDEFGHJKLMNP')}&PayerID=${signs(13, '0123456789ABCDEFGHJKLMNP')}`, () => `coupon_code=${word().toUpperCase()}${digits(4)}`,
    () => `s=${word()}+secret+garden+${digits(2)}`, () => `product_key=${word()}-${digits(3)}`, () => `sort_key=price&cache_key=${hex(32)}`, () => `state=${signs(32, ALL)}&scope=read`, () => `session_id=&keyword=api+key`, () => `payment_intent=pi_3${signs(23, ALL)}&redirect_status=succeeded`,
    () => `action=lostpassword&redirect_to=%2Fmy-account%2F`, () => `publishable_key=pk_live_${signs(24, ALL)}`, () => `sitekey=6L${signs(38, `${ALL}_-`)}`, () => `csrf_token=${hex(40)}`, () => `attribution_token=${signs(20, ALL)}`,
  ];
  const message: readonly (() => string)[] = [
    () => `commit ${hex(40)} by ${word()}`, () => `ETag: W/"${hex(pick([16, 32]))}"`, () => `ETag: "${hex(40)}"`, () => `request ${uuid()} took ${below(900)} ms`, () => `trace_id=${hex(32)} span_id=${hex(16)}`, () => `sha256:${hex(64)}`, () => `integrity="sha384-${signs(64, BASE64)}"`,
    () => `<img src="data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAA${signs(120, BASE64)}">`, () => `background:url(data:font/woff2;base64,d09GMgABAAAA${signs(90, BASE64)}==)`, () => `/wp-content/cache/min/1/${hex(32)}.js`, () => `app.${hex(8)}.js and vendor~main.${hex(20)}.css`,
    () => `!function(e,t){var n=e.key,r=t.token||"";return n?"${signs(3, LETTERS)}":r.length}(window,{});`, () => `.${signs(2, LETTERS)}-${signs(6, ALL)}{color:#${hex(6)}}`, () => `PHP Warning:  Undefined array key "${word()}_token" in /var/www/html/wp-content/plugins/${word()}/class-api-key.php on line ${below(900)}`,
    () => `Invalid API key provided: ${word()}. You can find your API key in the settings.`, () => `The access token expired at 2026-11-21T10:${10 + below(50)}:00Z`, () => `password reset requested for customer ${digits(5)}`, () => `The password must be at least ${8 + below(8)} characters long`, () => `Forgot your password? Username: ${word()}`,
    () => `wc_session_cookie_${hex(32)} not found`, () => `Cache key: wc_product_${digits(4)}_${hex(32)}`, () => `transient _transient_wc_var_prices_${digits(5)} hash ${hex(32)}`, () => `cart_hash ${hex(32)}`, () => `SKU ${signs(3, LETTERS).toUpperCase()}-${digits(4)}-${signs(2, LETTERS).toUpperCase()}`,
    () => `Message-ID: <${signs(22, ALL)}@mail.example>`, () => `DKIM-Signature: v=1; a=rsa-sha256; b=${signs(88, BASE64)}`, () => `API_KEY=your_api_key_here`, () => `export ${word().toUpperCase().replace('-', '_')}_TOKEN=\${TOKEN}`, () => `api_key: <your api key>`, () => `"apiKey": "{{ api_key }}"`, () => `client_secret=xxxxxxxxxxxxxxxxxxxxxxxx`,
    () => `Content-Security-Policy: script-src 'nonce-${signs(22, BASE64)}=='`, () => `public_key = "${signs(43, BASE64)}="`, () => `gravatar.com/avatar/${hex(32)}?s=96`, () => `Set-Cookie: wp-settings-time-1=${digits(10)}`, () => `upgrade-${word()}-key-name=${word()}-${digits(2)}-eu-central-${below(3)}`, () => `key_id=${uuid()} algorithm=RS256`,
    () => `api key rotated for user ${hex(32)}`, () => `client secret updated in commit ${hex(40)}`, () => `access token of order ${digits(16)}`, () => `build ${digits(3)}.${digits(2)}.${digits(4)}-${hex(7)}`, () => `order ${digits(6)} paid with tok_1${signs(23, ALL)}`, () => `charge ch_3${signs(23, ALL)} for cus_${signs(14, ALL)}`, () => `webhook evt_1${signs(23, ALL)} delivered`, () => `lamp, oak, hand-made: our best-kept secret since 19${digits(2)}`, () => `secret santa: ${word()} for ${digits(2)} euros`,
    () => `token limit ${digits(5)} exceeded, model gpt-4o-mini-2024-07-18 used ${digits(4)} tokens`, () => `idempotency-key: ${uuid()}`, () => `${word()} token_type: Bearer expires_in: ${digits(4)}`, () => `basic subscription ${word()}${digits(4)}plan`, () => `postgres://db.internal:5432/shop and redis://cache:6379/0`, () => `https://shop.example:8443/@${word()}/${hex(12)}`,
    () => `version "${below(9)}.${below(20)}.${below(20)}-beta.${digits(8)}"`, () => `pixel id ${digits(16)}, measurement G-${signs(10, 'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789')}`, () => `nonce: ${hex(10)}; rest_nonce ${hex(10)}`, () => `curl -s https://shop.example/wp-json/wc/v3/orders -u "$KEY:$SECRET"`,
  ];
  return Array.from({ length: count }, (_, i) => {
    const inQuery = i % 3 === 0;
    return inQuery ? { field: 'url.query', text: `${pick(query)()}${random.chance(0.5) ? `&${pick(query)()}` : ''}` } : { field: pick(['message', 'http.request.body.content', 'error.message']), text: pick(message)() };
  });
}
