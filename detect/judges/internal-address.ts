import type { Span, Validator } from '../validators/span.ts';
import { beginsValue, parameterName } from './parameter.ts';

const AUTHORITY = /^[\w+.-]{2,12}:[/\\]{0,4}(?:[^/?#\\@\s"'<>]{0,80}@)?(\[[\da-fA-F:.%a-zA-Z]{2,48}\]|[^/?#\\:\s"'&<>]{1,253})/;
const NAMES = /^(?:localhost\d?|.{0,64}\.localhost|ip6-localhost|ipv6-localhost|ip6-loopback|localhost\.localdomain|localdomain|metadata(?:\.google(?:\.internal)?|\.tencentyun\.com|\.packet\.net|\.platformequinix\.com)?|instance-data|.{0,64}\.internal|host\.docker\.internal|gateway\.docker\.internal|kubernetes(?:\.default.{0,32})?|rancher-metadata|.{0,64}\.svc(?:\.cluster\.local)?|localtest\.me|.{0,64}\.(?:localtest\.me|lvh\.me|vcap\.me|lacolhost\.com|nip\.io|xip\.io|sslip\.io|1u\.ms|burpcollaborator\.net|oastify\.com|interact\.sh|oast\.(?:pro|live|site|online|fun|me)))\.?$/i;
/** Where a site sends a visitor back to; on a developer's machine that is itself. */
const OWN_RETURNS = /^(?:redirect(?:_to|_uri|_url)?|return(?:_to|_url|url)?|_?wp_http_referer|referer|referrer|back|next|origin|siteurl|home|site_url|dl|dr|ref|page_location|page_referrer|link|source_url)$/;
const LOOPBACK = 0x7f;
const LINK_LOCAL = 0xa9fe;

function number(part: string): number | undefined {
  if (/^0x[\da-f]{1,10}$/i.test(part)) return Number.parseInt(part.slice(2), 16);
  if (/^0[0-7]{1,14}$/.test(part)) return Number.parseInt(part, 8);
  return /^\d{1,10}$/.test(part) ? Number(part) : undefined;
}

/** An IPv4 address in any form that `inet_aton` reads; undefined of what is none. */
function addressOf(host: string): { readonly value: number; readonly odd: boolean } | undefined {
  const parts = host.replace(/\.$/, '').split('.');
  const numbers = parts.map(number);
  if (parts.length > 4 || numbers.some((n) => n === undefined)) return undefined;
  const last = numbers.at(-1) ?? 0;
  const heads = numbers.slice(0, -1);
  let value = last;
  for (const [i, n] of heads.entries()) value += (n ?? 0) * 2 ** (24 - 8 * i);
  return value > 0xffffffff ? { value: value % 2 ** 32, odd: true } : { value, odd: parts.length < 4 || parts.some((part) => /^0\w/.test(part)) };
}

function isInside(value: number): boolean {
  const [first, second] = [Math.floor(value / 2 ** 24), Math.floor(value / 2 ** 16) % 256];
  return first === LOOPBACK || first === 0 || first === 10 || Math.floor(value / 2 ** 16) === LINK_LOCAL || (first === 192 && second === 168) || (first === 172 && second >= 16 && second < 32) || (first === 100 && second >= 64 && second < 128) || first === 168 && second === 63;
}

/** Takes an address in a parameter that leads into the site's own network, in any form that resolvers read. */
export const internalAddress: Validator = (text: string, span: Span): Span | undefined => {
  const name = parameterName(text, span.start);
  const found = AUTHORITY.exec(text.slice(span.start, span.start + 400));
  const host = found?.[1];
  if (found === null || host === undefined || !beginsValue(text, span.start)) return undefined;
  const end = span.start + found[0].length;
  if (host.startsWith('[')) return /^\[(?:::1?|[0:]+1|::ffff:|0:0:0:0:0|fe80|f[cd]|fd00|::\d)/i.test(host) ? { start: span.start, end } : undefined;
  const address = addressOf(host);
  if (address === undefined) return NAMES.test(host) && !(OWN_RETURNS.test(name) && /^localhost$/i.test(host)) ? { start: span.start, end } : undefined;
  const own = OWN_RETURNS.test(name) && !address.odd && Math.floor(address.value / 2 ** 16) !== LINK_LOCAL;
  return (isInside(address.value) || address.odd) && !own ? { start: span.start, end } : undefined;
};
