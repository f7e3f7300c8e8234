/** Units before a value in which its name stands. */
const NAME_WINDOW_UNITS = 112;

/** `name = "`, `"name": "`, `<name>`, `name="`, `setProperty("name", "`, `name is ` right before a value. */
const ASSIGNED = /([A-Za-z][\w.\- ]{0,63})(?:["'`)\]\\]{0,3}[\t-\r ]{0,4}[:?|+.]{0,3}(?:[=:>(]|,(?=[\t-\r ]{0,12}["'`\\]))[\t-\r =>(]{0,12}(?:["'`\\]|[brf]["'])*|(?<=key|token|secret|passw(?:or)?d|credentials?|salt|pwd) {1,2}(?:is )?)(?:base64:)?$/i;

/** A name that says of itself that its value may be known, or is something else than a secret. */
const SHOWN = /^(?:public|pub|publishable|csrf|xsrf|nonce|captcha|recaptcha|turnstile|sitekey|order|cart|foreign|primary|partition|cache|idempotency|issuer|hash|etag|checksum|fingerprint|thumbprint|pixel|keyword|keywords|monkey|hotkey|keyboard|authenticity|attribution)$/;

/** A name that ends so is of something about the secret. */
const ABOUT = /^(?:id|ids|name|names|url|uri|urls|href|host|file|path|dir|folder|length|len|size|type|kind|format|algorithm|alg|expires|expiry|expiration|ttl|lifetime|age|field|label|column|header|prefix|suffix|count|limit|version|status|state|mode|scope|scopes|endpoint|region|arn|vault|pair|store|usage|index|tag|regex|pattern|hint|policy|enabled|required|strength|reset|event|selector)$/;

/** Words of the name a value is assigned to, in lower case: `airtable`, `api`, `key`. Empty when it has none. */
export function assignedName(text: string, start: number): readonly string[] {
  const name = ASSIGNED.exec(text.slice(Math.max(0, start - NAME_WINDOW_UNITS), start))?.[1] ?? '';
  return name.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2').toLowerCase().split(/[^a-z0-9]+/).filter((word) => word !== '');
}

/** Types of programming languages, which stand behind a name. */
const TYPES = new Set(['string', 'str', 'char', 'const', 'value', 'text']);

/** Whether a thing of this name is meant to be kept secret. */
export function namesSecret(words: readonly string[]): boolean {
  const own = words.filter((word) => !TYPES.has(word));
  return !own.some((word) => SHOWN.test(word)) && !ABOUT.test(own.at(-1) ?? '') && !own.join(' ').includes('site key');
}
