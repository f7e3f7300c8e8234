import { inputOf } from '../test-site/browser.ts';
import { PEOPLE } from '../test-site/people.ts';
import { runRogueCode } from '../test-site/rogue-code.ts';
import type { Stage, UserAct } from '../test-site/user-act.ts';

const { administrator, author, customer, fourth } = PEOPLE;
const TOKEN = /^[a-p]{24}$/;
const NEWCOMER = 'newcomer.pilgrim@people.example';

function remove(login: string): (stage: Stage) => Promise<string> {
  return ({ site }) => site.php(`require_once ABSPATH . 'wp-admin/includes/user.php'; $user = get_user_by('login', '${login}'); if ($user) { is_multisite() ? wpmu_delete_user($user->ID) : wp_delete_user($user->ID); }`);
}

/** The fields of somebody's profile screen as they stand there. */
async function profileForm(stage: Stage, id: number): Promise<{ readonly page: string; readonly form: Record<string, string> }> {
  const { text } = await (await stage.as(administrator)).get(`/wp-admin/user-edit.php?user_id=${id}`);
  const form: Record<string, string> = { action: 'update', user_id: String(id), from: 'profile', checkuser_id: '1' };
  for (const name of ['_wpnonce', 'first_name', 'last_name', 'nickname', 'email', 'url']) form[name] = inputOf(text, name);
  form['display_name'] = /<select name="display_name"[\s\S]*?<option\s+selected='selected'[^>]*>([^<]*)</.exec(text)?.[1] ?? '';
  form['role'] = /<select name="role"[\s\S]*?<option selected='selected' value='([^']*)'/.exec(text)?.[1] ?? '';
  return { page: text, form };
}

export const ACTS: readonly UserAct[] = [
  {
    title: 'an account made on the screen for users is told with its role',
    prepare: (stage) => stage.as(administrator),
    act: async (stage) => {
      const browser = await stage.as(administrator);
      const nonce = await browser.nonce('/wp-admin/user-new.php', '_wpnonce_create-user');
      await browser.post('/wp-admin/user-new.php', { action: 'createuser', '_wpnonce_create-user': nonce, user_login: 'pilgrim', email: NEWCOMER, pass1: 'Harbour-new-1!', pass2: 'Harbour-new-1!', role: 'author', createuser: 'Add' });
    },
    expect: [{ category: 'iam', action: 'user-created', times: 1, fields: { 'user.name': 'ada', 'user.target.name': 'pilgrim', 'wordpress.role.new': 'author' }, persons: [{ type: 'user', kind: 'email', identifier: NEWCOMER }] }],
    silent: [{ category: 'iam', action: 'user-role-changed' }],
    forbidden: [NEWCOMER, 'Harbour-new-1!'],
    restore: remove('pilgrim'),
  },
  {
    title: 'an administrator made over REST, which makes an account first and gives its role then, is told as granted',
    prepare: (stage) => stage.as(administrator),
    act: async (stage) => (await stage.as(administrator)).rest('POST', '/wp/v2/users', { body: { username: 'pilgrim', email: NEWCOMER, password: 'Harbour-new-2!', roles: ['administrator'] } }),
    expect: [
      { category: 'iam', action: 'user-created', times: 1 },
      { category: 'iam', action: 'administrator-granted', times: 1, fields: { 'user.name': 'ada', 'user.target.name': 'pilgrim', 'wordpress.role.new': 'administrator', 'wordpress.request.kind': 'rest' } },
    ],
    forbidden: ['Harbour-new-2!'],
    restore: remove('pilgrim'),
  },
  {
    title: 'an administrator whom rogue code makes was made by nobody',
    act: ({ site }) => runRogueCode(site, `wp_insert_user(['user_login' => 'pilgrim', 'user_pass' => 'Harbour-new-3!', 'user_email' => '${NEWCOMER}', 'role' => 'administrator']);`),
    expect: [{ category: 'iam', action: 'administrator-created', times: 1, fields: { 'user.name': (v) => v === undefined, 'user.target.name': 'pilgrim', 'wordpress.plugin.slug': 'mu:rogue', 'wordpress.request.kind': 'front' } }],
    restore: remove('pilgrim'),
  },
  {
    title: 'somebody who registers is told by a token',
    prepare: ({ site }) => site.php("update_option('users_can_register', 1); update_option('default_role', 'subscriber');"),
    act: async ({ site }) => {
      const browser = site.browser();
      await browser.get('/wp-login.php?action=register');
      await browser.post('/wp-login.php?action=register', { user_login: 'pilgrim', user_email: NEWCOMER, 'wp-submit': 'Register' });
    },
    expect: [{ category: 'iam', action: 'user-created', times: 1, fields: { 'user.target.name': TOKEN, 'wordpress.role.new': 'subscriber' }, persons: [{ type: 'user', kind: 'email', identifier: NEWCOMER }] }],
    restore: async (stage) => {
      await remove('pilgrim')(stage);
      await stage.site.php("update_option('users_can_register', 0);");
    },
  },
  {
    title: 'an account deleted is told with the person',
    prepare: async (stage) => {
      await stage.as(administrator);
      await stage.site.php(`wp_insert_user(['user_login' => 'pilgrim', 'user_pass' => 'x', 'user_email' => '${NEWCOMER}', 'role' => 'editor']);`);
    },
    act: async (stage) => (await stage.as(administrator)).rest('DELETE', `/wp/v2/users/${await stage.site.userId({ login: 'pilgrim' })}?force=true&reassign=1`),
    expect: [{ category: 'iam', action: 'user-deleted', times: 1, fields: { 'user.name': 'ada', 'user.target.name': 'pilgrim', 'wordpress.role.old': ['editor'] }, persons: [{ type: 'user', kind: 'email', identifier: NEWCOMER }] }],
  },
  {
    title: 'a password changed for somebody else is told without it',
    prepare: (stage) => stage.as(administrator),
    act: async (stage) => {
      const id = await stage.site.userId(author);
      const { form } = await profileForm(stage, id);
      await (await stage.as(administrator)).post(`/wp-admin/user-edit.php?user_id=${id}`, { ...form, pass1: 'Harbour-changed-4!', pass2: 'Harbour-changed-4!' });
    },
    expect: [{ category: 'iam', action: 'password-changed', times: 1, fields: { 'user.name': 'ada', 'user.target.name': 'anton', 'event.reason': 'profile' }, persons: [{ type: 'user', kind: 'email', identifier: author.email }] }],
    forbidden: ['Harbour-changed-4!'],
    restore: ({ site }) => site.php(`wp_set_password('${author.password}', get_user_by('login', 'anton')->ID);`),
  },
  {
    title: 'an address changed for somebody else is told with both',
    prepare: (stage) => stage.as(administrator),
    act: async (stage) => {
      const id = await stage.site.userId(author);
      const { form } = await profileForm(stage, id);
      await (await stage.as(administrator)).post(`/wp-admin/user-edit.php?user_id=${id}`, { ...form, email: NEWCOMER });
    },
    expect: [{ category: 'iam', action: 'email-changed', times: 1, fields: { 'user.target.name': 'anton' }, persons: [{ type: 'user', kind: 'email', identifier: author.email }, { type: 'user', kind: 'email', identifier: NEWCOMER }] }],
    restore: ({ site }) => site.php(`wp_update_user(['ID' => get_user_by('login', 'anton')->ID, 'user_email' => '${author.email}']);`),
  },
  {
    title: 'a profile saved as it was tells nothing of the account',
    prepare: (stage) => stage.as(administrator),
    act: async (stage) => {
      const id = await stage.site.userId(author);
      const { form } = await profileForm(stage, id);
      await (await stage.as(administrator)).post(`/wp-admin/user-edit.php?user_id=${id}`, form);
    },
    silent: [{ category: 'iam', action: '*' }],
  },
  {
    title: 'a forgotten password asked for, and set anew with the key of the mail, is told at both ends',
    act: async ({ site }) => {
      const browser = site.browser();
      await browser.post('/wp-login.php?action=lostpassword', { user_login: fourth.email, redirect_to: '', 'wp-submit': 'Get New Password' });
      const key = await site.php(`echo get_password_reset_key(get_user_by('login', '${fourth.login}'));`);
      const page = await browser.get(`/wp-login.php?action=rp&key=${key.trim()}&login=${fourth.login}`);
      await browser.post('/wp-login.php?action=resetpass', { pass1: 'Harbour-reset-6!', pass2: 'Harbour-reset-6!', rp_key: inputOf(page.text, 'rp_key') });
    },
    expect: [
      { category: 'iam', action: 'password-reset-requested', fields: { 'user.target.name': TOKEN }, persons: [{ type: 'user', kind: 'email', identifier: fourth.email }] },
      { category: 'iam', action: 'password-changed', times: 1, fields: { 'event.reason': 'reset', 'user.target.name': TOKEN }, persons: [{ type: 'user', kind: 'email', identifier: fourth.email }] },
    ],
    forbidden: ['Harbour-reset-6!'],
    restore: ({ site }) => site.php(`wp_set_password('${fourth.password}', get_user_by('login', '${fourth.login}')->ID);`),
  },
  {
    title: 'a new address that its owner asks for is told before it is confirmed',
    prepare: (stage) => stage.as(customer),
    act: async (stage) => {
      const browser = await stage.as(customer);
      const { text } = await browser.get('/wp-admin/profile.php');
      await browser.post('/wp-admin/profile.php', { action: 'update', user_id: inputOf(text, 'user_id'), from: 'profile', checkuser_id: inputOf(text, 'checkuser_id'), _wpnonce: inputOf(text, '_wpnonce'), nickname: 'kasimir', email: NEWCOMER, first_name: customer.firstName, last_name: customer.lastName, display_name: 'kasimir' });
    },
    expect: [{ category: 'iam', action: 'email-change-requested', times: 1, fields: { 'user.name': TOKEN }, persons: [{ type: 'user', kind: 'email', identifier: customer.email }, { type: 'user', kind: 'email', identifier: NEWCOMER }] }],
    restore: ({ site }) => site.php("delete_user_meta(get_user_by('login', 'kasimir')->ID, '_new_email');"),
  },
];
