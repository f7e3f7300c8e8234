import { inputOf } from '../test-site/browser.ts';
import { PEOPLE } from '../test-site/people.ts';
import { runRogueCode } from '../test-site/rogue-code.ts';
import type { Stage, UserAct } from '../test-site/user-act.ts';

const { administrator, customer, editor, second } = PEOPLE;
const TOKEN = /^[a-p]{24}$/;

function isAbsent(value: unknown): boolean {
  return value === undefined;
}

function xml(method: string, login: string, password: string): string {
  return `<?xml version="1.0"?><methodCall><methodName>${method}</methodName><params><param><value><string>${login}</string></value></param><param><value><string>${password}</string></value></param></params></methodCall>`;
}

function multicall(login: string, passwords: readonly string[]): string {
  const calls = passwords.map((password) => `<value><struct><member><name>methodName</name><value><string>wp.getUsersBlogs</string></value></member><member><name>params</name><value><array><data><value><array><data><value><string>${login}</string></value><value><string>${password}</string></value></data></array></value></data></array></value></member></struct></value>`);
  return `<?xml version="1.0"?><methodCall><methodName>system.multicall</methodName><params><param><value><array><data>${calls.join('')}</data></array></value></param></params></methodCall>`;
}

/** As if the site had known these accounts for a month. */
function ageMemory(stage: Stage): Promise<string> {
  return stage.site.database.sql('UPDATE wp_tourniquet_memory SET first = first - 30 * 86400');
}

export const ACTS: readonly UserAct[] = [
  {
    title: 'a log-in of an administrator is told with name, role and session',
    act: ({ site }) => site.browser().logIn(administrator),
    expect: [{
      category: 'authentication', action: 'user-login', times: 1, persons: [{ type: 'user', kind: 'email', identifier: administrator.email }],
      fields: { 'event.outcome': 'success', 'user.name': 'ada', 'user.roles': ['administrator'], 'wordpress.session.hash': TOKEN, 'wordpress.login.method': 'password', 'source.ip': '127.0.0.1', 'url.scheme': 'http' },
    }],
  },
  {
    title: 'a log-in of a customer names nobody',
    act: ({ site }) => site.browser().logIn(customer),
    expect: [{ category: 'authentication', action: 'user-login', times: 1, fields: { 'user.name': TOKEN, 'user.roles': ['customer'] }, persons: [{ type: 'user', kind: 'email', identifier: customer.email }] }],
  },
  {
    title: 'a log-in with the e-mail address is told as one with the name',
    act: ({ site }) => site.browser().logIn({ login: administrator.email, password: administrator.password }),
    expect: [{ category: 'authentication', action: 'user-login', times: 1, fields: { 'user.name': 'ada' } }],
  },
  {
    title: 'a wrong password of an administrator is told with its reason',
    act: ({ site }) => site.browser().logIn({ login: administrator.login, password: 'Wrong-Guess-77' }),
    expect: [{ category: 'authentication', action: 'login-failed', times: 1, fields: { 'event.outcome': 'failure', 'event.reason': 'wrong-password', 'user.name': 'ada', 'wordpress.session.hash': isAbsent } }],
    silent: [{ category: 'authentication', action: 'user-login' }],
    forbidden: ['Wrong-Guess-77'],
  },
  {
    title: 'a name that nobody has, perhaps a password, is told as a token',
    act: ({ site }) => site.browser().logIn({ login: 'correct-horse-battery', password: 'x' }),
    expect: [{ category: 'authentication', action: 'login-failed', times: 1, fields: { 'event.reason': 'unknown-user', 'user.name': TOKEN } }],
    forbidden: ['correct-horse-battery'],
  },
  {
    title: 'a wrong password for the address of a customer is told as a token',
    act: ({ site }) => site.browser().logIn({ login: second.email, password: 'nope' }),
    expect: [{ category: 'authentication', action: 'login-failed', times: 1, fields: { 'event.reason': 'wrong-password', 'user.name': TOKEN } }],
  },
  {
    title: 'a log-out ends the session that it names',
    prepare: async (stage) => stage.as({ login: editor.login, password: editor.password }),
    act: async (stage) => {
      const browser = await stage.site.loggedIn(editor);
      await browser.logOut();
    },
    expect: [{ category: 'authentication', action: 'user-logout', times: 1, fields: { 'user.name': 'edgar', 'wordpress.session.hash': TOKEN } }],
    silent: [{ category: 'authentication', action: 'sessions-ended' }],
  },
  {
    title: 'all other sessions ended by their owner are counted',
    prepare: async (stage) => {
      await stage.site.loggedIn(editor);
      await stage.site.loggedIn(editor);
      await stage.as(editor);
    },
    act: async (stage) => {
      const browser = await stage.as(editor);
      const nonce = inputOf((await browser.get('/wp-admin/profile.php')).text, '_wpnonce');
      await browser.ajax('destroy-sessions', { nonce, user_id: String(await stage.site.userId(editor)) });
    },
    expect: [{ category: 'authentication', action: 'sessions-ended', times: 1, fields: { 'user.name': 'edgar', 'user.target.name': 'edgar', 'wordpress.session.count': (n) => Number(n) >= 2, 'wordpress.session.left': 1 } }],
  },
  {
    title: 'a session that code begins without a password is a log-in',
    act: ({ site }) => runRogueCode(site, `wp_set_auth_cookie(get_user_by('login', 'ada')->ID);`),
    expect: [{ category: 'authentication', action: 'user-login', times: 1, fields: { 'user.name': 'ada', 'wordpress.login.method': 'code', 'wordpress.plugin.slug': 'mu:rogue' } }],
  },
  {
    title: 'a log-in over XML-RPC is told',
    act: ({ site }) => site.browser().send('POST', '/xmlrpc.php', { body: xml('wp.getUsersBlogs', administrator.login, administrator.password), headers: { 'content-type': 'text/xml' } }),
    expect: [{ category: 'authentication', action: 'user-login', times: 1, fields: { 'user.name': 'ada', 'wordpress.login.method': 'xmlrpc', 'wordpress.request.kind': 'xmlrpc' } }],
    silent: [{ category: 'authentication', action: 'xmlrpc-multicall' }],
  },
  {
    title: 'many passwords tried in one XML-RPC call are told as such',
    act: ({ site }) => site.browser().send('POST', '/xmlrpc.php', { body: multicall(administrator.login, ['Guess-One', 'Guess-Two', 'Guess-Three']), headers: { 'content-type': 'text/xml' } }),
    expect: [
      { category: 'authentication', action: 'xmlrpc-multicall', times: 1, fields: { 'wordpress.xmlrpc.calls': 3 } },
      { category: 'authentication', action: 'login-failed', fields: { 'user.name': 'ada', 'wordpress.request.kind': 'xmlrpc' } },
    ],
    forbidden: ['Guess-One', 'Guess-Two', 'Guess-Three'],
  },
  {
    title: 'a known account from the same place and with the same browser is known',
    prepare: async (stage) => {
      await stage.site.browser().logIn(administrator);
      await stage.site.browser().logIn(administrator);
      await ageMemory(stage);
    },
    act: ({ site }) => site.browser().logIn(administrator),
    expect: [{ category: 'authentication', action: 'user-login', fields: { 'wordpress.actor.place': 'known', 'wordpress.actor.device': 'known' } }],
  },
  {
    title: 'a known account with another browser has a new device',
    prepare: ageMemory,
    act: ({ site }) => site.browser({ 'user-agent': 'Mozilla/5.0 (Windows NT 10.0) Chrome/120.0 Safari/537.36' }).logIn(administrator),
    expect: [{ category: 'authentication', action: 'user-login', fields: { 'wordpress.actor.place': 'known', 'wordpress.actor.device': 'new' } }],
  },
  {
    title: 'behind a trusted proxy the address and country it tells count',
    prepare: ({ site }) => site.php("update_option('tourniquet_settings', ['trusted_proxies' => ['127.0.0.1']]);"),
    act: ({ site }) => site.browser({ 'x-forwarded-for': '198.51.100.7', 'cf-ipcountry': 'NL' }).logIn(editor),
    expect: [{ category: 'authentication', action: 'user-login', fields: { 'source.ip': '198.51.100.7', 'source.geo.country_iso_code': 'NL' } }],
    restore: ({ site }) => site.php("delete_option('tourniquet_settings');"),
  },
  {
    title: 'what anybody can write into a request is not believed',
    act: ({ site }) => site.browser({ 'x-forwarded-for': '198.51.100.7', 'cf-ipcountry': 'NL' }).logIn(editor),
    expect: [{ category: 'authentication', action: 'user-login', fields: { 'source.ip': '127.0.0.1', 'source.geo.country_iso_code': isAbsent } }],
  },
  {
    title: 'a page seen while logged in tells no log-in',
    prepare: (stage) => stage.as(administrator),
    act: async (stage) => (await stage.as(administrator)).get('/wp-admin/'),
    silent: [{ category: 'authentication', action: '*' }, { category: 'iam', action: '*' }],
  },
];
