import type { MadeUpPerson } from './people.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export interface RestOptions {
  readonly body?: unknown;
  /** `login:application password`; otherwise the log-in of the browser counts, if it has one. */
  readonly basic?: string;
  readonly query?: Readonly<Record<string, string>>;
}

export type Form = Readonly<Record<string, string | readonly string[]>>;

/** What a form sends; lists as PHP reads them, by names that end in `[]`. */
function encodeForm(form: Form): URLSearchParams {
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(form)) {
    for (const one of typeof value === 'string' ? [value] : value) body.append(name, one);
  }
  return body;
}

/** Reads what stands in an input of a page: nonces above all. */
export function inputOf(html: string, name: string): string {
  const input = new RegExp(`<input[^>]*name=["']${name}["'][^>]*>`).exec(html)?.[0] ?? '';
  const value = /value=["']([^"']*)["']/.exec(input)?.[1];
  if (value === undefined) throw new Error(`the page has no field ${name}`);
  return value;
}

/** A link of a page whose address holds a text, as a browser would follow it. */
export function linkOf(html: string, part: string): string {
  const link = [...html.matchAll(/href=["']([^"']+)["']/g)].map((m) => (m[1] ?? '').replaceAll('&#038;', '&').replaceAll('&amp;', '&')).find((href) => href.includes(part));
  if (link === undefined) throw new Error(`the page has no link to ${part}`);
  return link;
}

/** One person's browser: it keeps cookies, and follows redirects where asked. */
export class Browser {
  readonly #base: string;
  readonly #cookies = new Map<string, string>();
  readonly #headers: Readonly<Record<string, string>>;
  #restNonce: string | undefined;

  /** `base`: a site's address without a slash at its end. `headers` go with every request. */
  constructor(base: string, headers: Readonly<Record<string, string>> = {}) {
    this.#base = base;
    this.#headers = headers;
  }

  /** Cookies by name, to look at or to take somewhere else. */
  get cookies(): Map<string, string> {
    return this.#cookies;
  }

  /** Redirects are answers: `follow` goes on where they lead. `path` may be a whole address. */
  async send(method: string, path: string, init: { readonly body?: string | URLSearchParams | FormData; readonly headers?: Readonly<Record<string, string>>; readonly follow?: boolean } = {}): Promise<Answer> {
    const url = path.startsWith('http') ? path : `${this.#base}${path}`;
    const headers: Record<string, string> = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0', ...this.#headers, ...init.headers };
    if (this.#cookies.size > 0) headers['cookie'] = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { method, redirect: 'manual', headers, ...(init.body === undefined ? {} : { body: init.body }) });
    for (const cookie of answer.headers.getSetCookie()) this.#keep(cookie);
    const text = await answer.text();
    const next = answer.headers.get('location');
    if (init.follow === true && next !== null) return this.send('GET', new URL(next, url).href, { follow: true });
    return { status: answer.status, headers: answer.headers, text };
  }

  #keep(cookie: string): void {
    const [pair = '', ...attributes] = cookie.split(';');
    const name = pair.slice(0, pair.indexOf('=')).trim();
    const value = pair.slice(pair.indexOf('=') + 1);
    const expires = attributes.map((a) => a.trim()).find((a) => a.toLowerCase().startsWith('expires='))?.slice(8);
    if (value === '' || value === '+' || (expires !== undefined && Date.parse(expires) < Date.now())) this.#cookies.delete(name);
    else this.#cookies.set(name, value);
  }

  get(path: string): Promise<Answer> {
    return this.send('GET', path, { follow: true });
  }

  /** Sends a form; the redirect after it is the answer. */
  post(path: string, form: Form): Promise<Answer> {
    return this.send('POST', path, { body: encodeForm(form) });
  }

  async logIn(person: Pick<MadeUpPerson, 'login' | 'password'>): Promise<Answer> {
    await this.get('/wp-login.php');
    this.#restNonce = undefined;
    return this.post('/wp-login.php', { log: person.login, pwd: person.password, 'wp-submit': 'Log In', redirect_to: `${this.#base}/wp-admin/`, testcookie: '1' });
  }

  async logOut(): Promise<Answer> {
    const page = await this.get('/wp-admin/profile.php');
    this.#restNonce = undefined;
    return this.send('GET', linkOf(page.text, 'action=logout'));
  }

  /** `action` over admin-ajax.php. */
  ajax(action: string, form: Form = {}): Promise<Answer> {
    return this.post('/wp-admin/admin-ajax.php', { action, ...form });
  }

  /** `route` begins with a slash: `/wp/v2/users`. */
  async rest(method: string, route: string, options: RestOptions = {}): Promise<Answer> {
    const headers: Record<string, string> = {};
    if (options.body !== undefined) headers['content-type'] = 'application/json';
    if (options.basic !== undefined) headers['authorization'] = `Basic ${Buffer.from(options.basic).toString('base64')}`;
    else if (this.isLoggedIn()) headers['x-wp-nonce'] = await this.restNonce();
    const query = options.query === undefined ? '' : `?${new URLSearchParams(options.query)}`;
    return this.send(method, `/wp-json${route}${query}`, { headers, ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }) });
  }

  isLoggedIn(): boolean {
    return [...this.#cookies.keys()].some((name) => name.startsWith('wordpress_logged_in_'));
  }

  async restNonce(): Promise<string> {
    this.#restNonce ??= (await this.send('GET', '/wp-admin/admin-ajax.php?action=rest-nonce')).text;
    return this.#restNonce;
  }

  /** A nonce that stands in a field of a page. */
  async nonce(path: string, field = '_wpnonce'): Promise<string> {
    return inputOf((await this.get(path)).text, field);
  }

  /** A file into the media library, as the upload page does it. */
  async upload(name: string, type: string, bytes: string | Uint8Array<ArrayBuffer>): Promise<Answer> {
    const page = await this.get('/wp-admin/media-new.php');
    const body = new FormData();
    body.set('name', name);
    body.set('action', 'upload-attachment');
    body.set('_wpnonce', /"_wpnonce":"([a-f0-9]+)"/.exec(page.text)?.[1] ?? inputOf(page.text, '_wpnonce'));
    body.set('async-upload', new Blob([bytes], { type }), name);
    return this.send('POST', '/wp-admin/async-upload.php', { body });
  }
}
