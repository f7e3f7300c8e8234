import { GUEST, PEOPLE } from '../test-site/people.ts';
import type { ExpectedPerson, Stage, UserAct } from '../test-site/user-act.ts';
import { inputOf } from '../test-site/browser.ts';
import { withCrowd } from './exports.ts';

function person(type: ExpectedPerson['type'], { email }: { readonly email: string }): ExpectedPerson {
  return { type, kind: 'email', identifier: email };
}

/** Code that reads tables of persons as a whole, in pages, by account, or counts them. */
const READER = `<?php
add_action('init', function () {
    global $wpdb;
    switch ($_GET['reader'] ?? '') {
        case 'all': $wpdb->get_results("SELECT * FROM {$wpdb->users}"); break;
        case 'pages': for ($i = 0; $i < 300; $i += 100) { $wpdb->get_results("SELECT ID, user_email FROM {$wpdb->users} ORDER BY ID LIMIT $i, 100"); } break;
        case 'few': $wpdb->get_results("SELECT * FROM {$wpdb->users} LIMIT 20"); $wpdb->get_var("SELECT COUNT(*) FROM {$wpdb->users}"); $wpdb->get_results("SELECT * FROM {$wpdb->usermeta} WHERE user_id = 1"); break;
        case 'meta': update_meta_cache('user', $wpdb->get_col("SELECT ID FROM {$wpdb->users} LIMIT 10")); break;
        case 'form': do_action('wpforms_process_complete', [1 => ['name' => 'E-mail', 'value' => $_GET['email']], 2 => ['name' => 'Patient name', 'value' => 'N'], 3 => ['name' => 'Message', 'value' => 'since Tuesday']], [], ['id' => 12], 5); break;
    }
});
`;

async function withReader({ site }: Stage): Promise<void> {
  await site.php(`is_dir(WPMU_PLUGIN_DIR) || mkdir(WPMU_PLUGIN_DIR); file_put_contents(WPMU_PLUGIN_DIR . '/reader.php', base64_decode('${Buffer.from(READER).toString('base64')}'));`);
}

async function prepared(stage: Stage): Promise<void> {
  await withReader(stage);
  await withCrowd(stage);
}

const read = (stage: Stage, what: string): Promise<unknown> => stage.site.browser().get(`/?reader=${what}`);

/** Lets some time pass since the last comment: WordPress refuses the next within seconds. */
export async function calm({ site }: Stage): Promise<void> {
  await site.php('global $wpdb; $wpdb->query("UPDATE {$wpdb->comments} SET comment_date_gmt = comment_date_gmt - INTERVAL 1 DAY");');
}

export const ACTS: readonly UserAct[] = [
  {
    title: 'a table of accounts that code reads as a whole is told with rows, plugin and persons',
    on: ['single', 'network'],
    prepare: prepared,
    act: (stage) => read(stage, 'all'),
    expect: [{ category: 'database', action: 'table-read', persons: [person('user', PEOPLE.customer)], fields: { 'wordpress.query.table': 'users', 'wordpress.query.rows': (v) => Number(v) >= 260, 'wordpress.query.bounded': false, 'wordpress.plugin.slug': 'mu:reader', 'event.sequence': 1 } }],
  },
  {
    title: 'a table that is read in pages is told once, with the sum',
    prepare: prepared,
    act: (stage) => read(stage, 'pages'),
    expect: [{ category: 'database', action: 'table-read', times: 1, fields: { 'wordpress.query.rows': (v) => Number(v) >= 260, 'wordpress.query.bounded': true } }],
  },
  {
    title: 'a table that is read in full with every visit is told once an hour',
    prepare: async (stage) => { await prepared(stage); await stage.site.php('(new Tourniquet\\Memory\\Table())->install();'); await read(stage, 'all'); await read(stage, 'all'); },
    act: (stage) => read(stage, 'all'),
    silent: [{ category: 'database', action: 'table-read' }],
  },
  {
    title: 'few rows, counts and one account\'s settings are no large read',
    prepare: prepared,
    act: (stage) => read(stage, 'few'),
    silent: [{ category: 'database', action: 'table-read' }],
  },
  {
    title: 'the settings of ten accounts are no large read, however many rows they have',
    prepare: async (stage) => { await prepared(stage); await stage.site.php("for ($i = 0; $i < 60; $i++) { foreach (get_users(['number' => 10, 'orderby' => 'ID', 'fields' => 'ID']) as $id) { update_user_meta((int) $id, \"made_up_$i\", 1); } }"); },
    act: (stage) => read(stage, 'meta'),
    silent: [{ category: 'database', action: 'table-read' }],
    restore: ({ site }) => site.php("global $wpdb; $wpdb->query(\"DELETE FROM {$wpdb->usermeta} WHERE meta_key LIKE 'made_up_%'\");"),
  },
  {
    title: 'the list of accounts in wp-admin is told as a list, not as a large read too',
    prepare: async (stage) => { await prepared(stage); await stage.as(PEOPLE.administrator); await stage.site.php("update_user_meta(get_user_by('login', 'ada')->ID, 'users_per_page', 300);"); },
    act: async (stage) => (await stage.as(PEOPLE.administrator)).get('/wp-admin/users.php'),
    expect: [{ category: 'data_access', action: 'user-list-viewed', fields: { 'woocommerce.list.count': (v) => v === undefined || Number(v) >= 260 } }],
    silent: [{ category: 'database', action: 'table-read' }],
    restore: ({ site }) => site.php("delete_user_meta(get_user_by('login', 'ada')->ID, 'users_per_page');"),
  },
  {
    title: 'a form that somebody submits is told with its person, length and kinds of data, without its text',
    prepare: withReader,
    act: (stage) => read(stage, `form&email=${encodeURIComponent(GUEST.email)}`),
    expect: [{ category: 'database', action: 'form-submitted', times: 1, persons: [person('patient', GUEST)], fields: { 'wordpress.plugin.slug': 'wpforms', 'wordpress.entry.form': '12', 'wordpress.entry.fields': 3, 'wordpress.data.classes': /pii\.email.*pii\.name/ } }],
    forbidden: ['since Tuesday'],
  },
  {
    title: 'a contact form that is sent is told with who sent it, without its text',
    prepare: ({ site }) => site.php("require_once ABSPATH . 'wp-admin/includes/plugin.php'; activate_plugin('contact-form/contact-form.php');"),
    act: (stage) => stage.site.browser().post('/wp-json/contact-form-7/v1/contact-forms/7/feedback', { 'your-name': GUEST.firstName, 'your-email': GUEST.email, 'your-message': 'Is the ferry running' }),
    expect: [{ category: 'database', action: 'form-submitted', times: 1, persons: [person('contact', GUEST)], fields: { 'wordpress.plugin.slug': 'contact-form-7', 'wordpress.entry.form': '7', 'wordpress.entry.fields': 3, 'wordpress.data.fields': /email/ } }],
    silent: [{ category: 'data_access', action: '*' }],
    forbidden: ['the ferry running'],
    restore: ({ site }) => site.php("require_once ABSPATH . 'wp-admin/includes/plugin.php'; deactivate_plugins('contact-form/contact-form.php');"),
  },
  {
    title: 'a comment is told with its writer and length, without its text',
    prepare: calm,
    act: (stage) => stage.site.browser().post('/wp-comments-post.php', { comment: 'The harbour light blinks at dusk.', author: GUEST.firstName, email: GUEST.email, url: '', comment_post_ID: '1', comment_parent: '0' }),
    expect: [{ category: 'database', action: 'comment-posted', times: 1, persons: [person('contact', GUEST)], fields: { 'wordpress.comment.status': /approve|hold/, 'wordpress.comment.length': 33 } }],
    forbidden: ['harbour light'],
    restore: ({ site }) => site.php("global $wpdb; $wpdb->query(\"DELETE FROM {$wpdb->comments} WHERE comment_content LIKE 'The harbour%'\");"),
  },
  {
    title: 'a profile that somebody changes is told by the names of its fields',
    prepare: (stage) => stage.as(PEOPLE.author),
    act: (stage) => saveProfile(stage, 'Tonik'),
    expect: [{ category: 'database', action: 'profile-updated', times: 1, persons: [person('user', PEOPLE.author)], fields: { 'wordpress.data.fields': ['nickname'], 'wordpress.target.name': 'anton', 'user.name': 'anton' } }],
    forbidden: ['Tonik'],
  },
  {
    title: 'the fields of a new account are no change of a profile',
    act: ({ site }) => site.php("wp_insert_user(['user_login' => 'nova', 'user_pass' => wp_generate_password(), 'user_email' => 'nova@people.example', 'first_name' => 'Nova', 'last_name' => 'Quayle', 'role' => 'customer']);"),
    silent: [{ category: 'database', action: 'profile-updated' }],
    forbidden: ['nova@people.example', 'Quayle'],
    restore: ({ site }) => site.php("require_once ABSPATH . 'wp-admin/includes/user.php'; wp_delete_user(get_user_by('login', 'nova')->ID);"),
  },
  {
    title: 'a profile saved as it was is not told',
    prepare: async (stage) => { await stage.as(PEOPLE.author); await saveProfile(stage, 'Tonik'); },
    act: (stage) => saveProfile(stage, 'Tonik'),
    silent: [{ category: 'database', action: 'profile-updated' }],
    restore: ({ site }) => site.php("@unlink(WPMU_PLUGIN_DIR . '/reader.php');"),
  },
];

async function saveProfile(stage: Stage, nickname: string): Promise<void> {
  const browser = await stage.as(PEOPLE.author);
  const page = await browser.get('/wp-admin/profile.php');
  const kept = (name: string): string => inputOf(page.text, name);
  await browser.post('/wp-admin/profile.php', {
    action: 'update', user_id: kept('user_id'), checkuser_id: kept('checkuser_id'), _wpnonce: kept('_wpnonce'), from: 'profile',
    nickname, first_name: kept('first_name'), last_name: kept('last_name'), display_name: `${PEOPLE.author.firstName} ${PEOPLE.author.lastName}`, email: kept('email'), url: kept('url'), description: '', rich_editing: '', admin_bar_front: '1', admin_color: 'fresh',
  });
}
