import { GUEST, PEOPLE } from '../test-site/people.ts';
import type { ExpectedPerson, Stage, UserAct } from '../test-site/user-act.ts';

const ABSENT = (value: unknown): boolean => value === undefined;

function user(person: { readonly email: string }): ExpectedPerson {
  return { type: 'user', kind: 'email', identifier: person.email };
}

/** A plugin that answers everybody, as many do by mistake. */
const LEAKY = `<?php
add_action('rest_api_init', function () {
    register_rest_route('leaky/v1', '/bookings', ['methods' => 'GET', 'permission_callback' => '__return_true', 'callback' => function () {
        return array_map(fn($u) => ['id' => 7, 'patient_email' => $u->user_email, 'name' => $u->display_name, 'birthday' => '1980-02-03', 'message' => 'see you'], get_users(['number' => 5]));
    }]);
    register_rest_route('leaky/v1', '/enveloped', ['methods' => 'GET', 'permission_callback' => '__return_true', 'callback' => fn() => ['code' => 'ok', 'message' => 'found', 'data' => array_map(fn($u) => ['email' => $u->user_email], get_users(['number' => 5]))]]);
    register_rest_route('leaky/v1', '/other-site', ['methods' => 'GET', 'permission_callback' => '__return_true', 'callback' => function () {
        switch_to_blog(2); $rows = array_map(fn($u) => ['email' => $u->user_email], get_users(['blog_id' => 1])); restore_current_blog(); return $rows;
    }]);
    register_rest_route('leaky/v1', '/contact', ['methods' => 'POST', 'permission_callback' => '__return_true', 'callback' => fn($r) => ['thanks' => true, 'email' => $r['email']]]);
});
foreach (['wp_ajax_leaky_lookup', 'wp_ajax_nopriv_leaky_lookup'] as $hook) {
    add_action($hook, function () { wp_send_json(array_map(fn($u) => ['mail' => $u->user_email], get_users(['number' => 3]))); });
}
foreach (['wp_ajax_leaky_own', 'wp_ajax_nopriv_leaky_own'] as $hook) {
    add_action($hook, function () { wp_send_json(['mail' => wp_get_current_user()->user_email, 'asked' => $_POST['email'] ?? '']); });
}
add_action('rest_api_init', function () {
    register_rest_route('leaky/v1', '/graph', ['methods' => 'POST', 'permission_callback' => '__return_true', 'callback' => function () {
        $rows = array_map(fn($u) => ['databaseId' => $u->ID, 'email' => $u->user_email], get_users(['role' => 'customer']));
        apply_filters('graphql_request_results', (object) ['data' => ['users' => ['nodes' => $rows]]], null, 'AllUsers', 'query AllUsers { users { nodes { email } } }', []);
        return ['done' => true];
    }]);
});
add_action('admin_menu', function () {
    add_menu_page('Entries', 'Entries', 'edit_posts', 'wpforms-entries', function () { foreach (get_users(['role' => 'customer']) as $u) { echo '<tr><td>' . esc_html($u->user_email) . '</td></tr>'; } });
});
add_action('template_redirect', function () { if (isset($_GET['public_cache'])) { header('Cache-Control: public, max-age=600'); } });
`;

/** The mu-plugin stays for all acts of the area. */
async function withLeaky({ site }: Stage): Promise<void> {
  await site.php(`is_dir(WPMU_PLUGIN_DIR) || mkdir(WPMU_PLUGIN_DIR); file_put_contents(WPMU_PLUGIN_DIR . '/leaky.php', base64_decode('${Buffer.from(LEAKY).toString('base64')}'));`);
}

export const ACTS: readonly UserAct[] = [
  {
    title: 'accounts read over REST with their addresses are told with persons, route and capability',
    on: ['single', 'network'],
    prepare: (stage) => stage.as(PEOPLE.administrator),
    act: async (stage) => (await stage.as(PEOPLE.administrator)).rest('GET', '/wp/v2/users', { query: { context: 'edit', per_page: '50', search: 'people.example' } }),
    expect: [{
      category: 'data_access', action: 'rest-read', times: 1, persons: [user(PEOPLE.customer), user(PEOPLE.subscriber)],
      fields: { 'wordpress.rest.route': '/wp/v2/users', 'wordpress.rest.capability': 'list_users', 'wordpress.request.kind': 'rest', 'wordpress.response.foreign_subjects': (v) => Number(v) >= 6, 'wordpress.data.classes': /pii\.email/, 'wordpress.search.length': 14, 'wordpress.search.token': /^[a-p]{24}$/, 'user.name': 'ada' },
    }],
  },
  {
    title: 'one account read over REST is told by the pattern of its route, not its number',
    prepare: (stage) => stage.as(PEOPLE.administrator),
    act: async (stage) => (await stage.as(PEOPLE.administrator)).rest('GET', `/wp/v2/users/${await stage.site.userId(PEOPLE.customer)}`, { query: { context: 'edit' } }),
    expect: [{ category: 'data_access', action: 'rest-read', persons: [user(PEOPLE.customer)], personCount: 1, fields: { 'wordpress.rest.route': '/wp/v2/users/(id)', 'wordpress.response.subjects': 1 } }],
  },
  {
    title: 'an application password that reads accounts is named',
    prepare: async (stage) => stage.notes.set('reader', await stage.site.applicationPassword(PEOPLE.administrator, 'reader')),
    act: (stage) => stage.site.browser().rest('GET', '/wp/v2/users', { basic: stage.notes.get('reader') ?? '', query: { context: 'edit' } }),
    expect: [{ category: 'data_access', action: 'rest-read', fields: { 'wordpress.key.id': /^[0-9a-f-]{36}$/, 'user.name': 'ada' } }],
  },
  {
    title: 'records of a leaky route that a visitor reads are told without a user',
    prepare: withLeaky,
    act: (stage) => stage.site.browser().rest('GET', '/leaky/v1/bookings'),
    expect: [{ category: 'data_access', action: 'rest-read', fields: { 'user.name': ABSENT, 'wordpress.response.foreign_subjects': 4, 'wordpress.rest.route': '/leaky/v1/bookings', 'wordpress.data.classes': /pii\.birth_date/ }, persons: [{ type: 'patient', kind: 'email', identifier: PEOPLE.author.email }] }],
  },
  {
    title: 'records in an answer that has the names of an error are told, too',
    prepare: withLeaky,
    act: (stage) => stage.site.browser().rest('GET', '/leaky/v1/enveloped'),
    expect: [{ category: 'data_access', action: 'rest-read', fields: { 'wordpress.response.foreign_subjects': 4, 'wordpress.rest.route': '/leaky/v1/enveloped' }, persons: [{ type: 'contact', kind: 'email', identifier: PEOPLE.author.email }] }],
  },
  {
    title: 'records of another site of a network say from which site they were read',
    on: ['network'],
    prepare: withLeaky,
    act: (stage) => stage.site.browser().rest('GET', '/leaky/v1/other-site'),
    expect: [{ category: 'data_access', action: 'rest-read', times: 1, fields: { 'wordpress.blog.id': 2, 'wordpress.blog.switched_from': 1, 'wordpress.response.subjects': (v) => Number(v) > 3 } }],
  },
  {
    title: 'a visitor who gets back the address she sent is not told',
    act: (stage) => stage.site.browser().rest('POST', '/leaky/v1/contact', { body: { email: GUEST.email } }),
    silent: [{ category: 'data_access', action: '*' }],
  },
  {
    title: 'one\'s own account read over REST is not told',
    prepare: (stage) => stage.as(PEOPLE.customer),
    act: async (stage) => (await stage.as(PEOPLE.customer)).rest('GET', '/wp/v2/users/me', { query: { context: 'edit' } }),
    silent: [{ category: 'data_access', action: '*' }],
  },
  {
    title: 'a refused read is not told as one',
    act: (stage) => stage.site.browser().rest('GET', '/wp/v2/users', { query: { context: 'edit' } }),
    silent: [{ category: 'data_access', action: '*' }],
  },
  {
    title: 'public posts with their authors are no read of persons',
    act: (stage) => stage.site.browser().rest('GET', '/wp/v2/posts', { query: { _embed: 'author' } }),
    silent: [{ category: 'data_access', action: '*' }],
  },
  {
    title: 'the list of accounts in wp-admin is told with those on the page',
    prepare: (stage) => stage.as(PEOPLE.administrator),
    act: async (stage) => (await stage.as(PEOPLE.administrator)).get('/wp-admin/users.php?role=customer'),
    expect: [{ category: 'data_access', action: 'user-list-viewed', times: 1, persons: [user(PEOPLE.customer), user(PEOPLE.fourth)], personCount: 4, fields: { 'wordpress.request.kind': 'admin', 'wordpress.response.foreign_subjects': 4, 'woocommerce.list.count': 4, 'wordpress.data.records': 4 } }],
  },
  {
    title: 'a search for a person is told as token and length',
    prepare: (stage) => stage.as(PEOPLE.administrator),
    act: async (stage) => (await stage.as(PEOPLE.administrator)).get(`/wp-admin/users.php?s=${encodeURIComponent(PEOPLE.second.email)}`),
    expect: [{ category: 'data_access', action: 'user-list-viewed', persons: [user(PEOPLE.second)], personCount: 1, fields: { 'wordpress.search.length': PEOPLE.second.email.length, 'wordpress.search.token': /^[a-p]{24}$/ } }],
  },
  {
    title: 'the entries of a form in wp-admin are told with those whose addresses they show',
    prepare: async (stage) => { await withLeaky(stage); await stage.as(PEOPLE.editor); },
    act: async (stage) => (await stage.as(PEOPLE.editor)).get('/wp-admin/admin.php?page=wpforms-entries'),
    expect: [{ category: 'data_access', action: 'entry-list-viewed', times: 1, persons: [{ type: 'contact', kind: 'email', identifier: PEOPLE.third.email }], personCount: 4, fields: { 'wordpress.admin.page': 'wpforms-entries', 'user.name': 'edgar' } }],
  },
  {
    title: 'the profile of somebody else is told',
    prepare: (stage) => stage.as(PEOPLE.administrator),
    act: async (stage) => (await stage.as(PEOPLE.administrator)).get(`/wp-admin/user-edit.php?user_id=${await stage.site.userId(PEOPLE.third)}`),
    expect: [{ category: 'data_access', action: 'user-viewed', times: 1, persons: [user(PEOPLE.third)], personCount: 1, fields: { 'user.target.name': /^[a-p]{24}$/ } }],
  },
  {
    title: 'one\'s own profile is not told',
    prepare: (stage) => stage.as(PEOPLE.administrator),
    act: async (stage) => (await stage.as(PEOPLE.administrator)).get('/wp-admin/profile.php'),
    silent: [{ category: 'data_access', action: 'user-viewed' }],
  },
  {
    title: 'the list of comments is told with their writers',
    prepare: async (stage) => {
      await stage.site.php(`wp_insert_comment(['comment_post_ID' => 1, 'comment_author' => 'L', 'comment_author_email' => '${GUEST.email}', 'comment_content' => 'hello', 'comment_approved' => 1]);`);
      await stage.as(PEOPLE.editor);
    },
    act: async (stage) => (await stage.as(PEOPLE.editor)).get('/wp-admin/edit-comments.php'),
    expect: [{ category: 'data_access', action: 'comment-list-viewed', times: 1, persons: [{ type: 'contact', kind: 'email', identifier: GUEST.email }], fields: { 'user.name': 'edgar' } }],
  },
  {
    title: 'an admin-ajax action that answers a visitor with accounts is told by its name',
    prepare: withLeaky,
    act: (stage) => stage.site.browser().ajax('leaky_lookup'),
    expect: [{ category: 'data_access', action: 'ajax-read', fields: { 'wordpress.ajax.action': 'leaky_lookup', 'wordpress.response.subjects': (v) => Number(v) >= 2, 'user.name': ABSENT, 'wordpress.request.kind': 'ajax' } }],
  },
  {
    title: 'an admin-ajax action that answers with the asker\'s own addresses is not told',
    prepare: async (stage) => { await withLeaky(stage); await stage.as(PEOPLE.customer); },
    act: async (stage) => (await stage.as(PEOPLE.customer)).ajax('leaky_own', { email: GUEST.email }),
    silent: [{ category: 'data_access', action: '*' }],
  },
  {
    title: 'a GraphQL operation that answers with accounts is told by its name',
    prepare: withLeaky,
    act: (stage) => stage.site.browser().rest('POST', '/leaky/v1/graph'),
    expect: [{ category: 'data_access', action: 'graphql-read', times: 1, persons: [{ type: 'contact', kind: 'email', identifier: PEOPLE.fourth.email }], personCount: 4, fields: { 'wordpress.graphql.operation': 'AllUsers' } }],
  },
  {
    title: 'the heartbeat is not told',
    prepare: (stage) => stage.as(PEOPLE.editor),
    act: async (stage) => (await stage.as(PEOPLE.editor)).ajax('heartbeat', { 'data[x]': '1' }),
    silent: [{ category: 'data_access', action: '*' }],
  },
  {
    title: 'a page of a logged-in person that shared caches may keep is told',
    prepare: async (stage) => { await withLeaky(stage); await stage.as(PEOPLE.customer); },
    act: async (stage) => (await stage.as(PEOPLE.customer)).get('/?public_cache=1'),
    expect: [{ category: 'data_access', action: 'private-page-cached', times: 1, persons: [user(PEOPLE.customer)], fields: { 'wordpress.cache.status': 'miss', 'wordpress.cache.by': 'headers' } }],
  },
  {
    title: 'a public page that caches may keep is not told, nor a private one that they may not',
    prepare: async (stage) => { await withLeaky(stage); await stage.as(PEOPLE.customer); },
    act: async (stage) => [await stage.site.browser().get('/?public_cache=1'), await (await stage.as(PEOPLE.customer)).get('/')],
    silent: [{ category: 'data_access', action: 'private-page-cached' }],
  },
  {
    title: 'a page that a page cache makes public is told',
    prepare: async (stage) => { await stage.site.php("require_once ABSPATH . 'wp-admin/includes/plugin.php'; activate_plugin('page-cache/page-cache.php');"); await stage.as(PEOPLE.second); },
    act: async (stage) => [await stage.site.browser().get('/'), await (await stage.as(PEOPLE.second)).get('/')],
    expect: [{ category: 'data_access', action: 'private-page-cached', times: 1, persons: [user(PEOPLE.second)] }],
    restore: ({ site }) => site.php("require_once ABSPATH . 'wp-admin/includes/plugin.php'; deactivate_plugins('page-cache/page-cache.php');"),
  },
  {
    title: 'a site whose memory is gone tells reads without a habit',
    prepare: async (stage) => { await stage.as(PEOPLE.administrator); await stage.site.php("global $wpdb; (new Tourniquet\\Memory\\Table())->install(); $wpdb->query(\"DROP TABLE {$wpdb->base_prefix}tourniquet_memory\");"); },
    act: async (stage) => (await stage.as(PEOPLE.administrator)).get('/wp-admin/users.php?role=customer'),
    expect: [{ category: 'data_access', action: 'user-list-viewed', times: 1, fields: { 'wordpress.actor.habit': ABSENT } }],
    restore: ({ site }) => site.php("delete_option('tourniquet_memory'); (new Tourniquet\\Memory\\Table())->install();"),
  },
  {
    title: 'asking for a dump that is not there is told',
    act: (stage) => stage.site.browser().get('/backup/shop.sql.gz'),
    expect: [{ category: 'http', action: 'backup-requested', fields: { 'event.outcome': 'failure', 'http.response.status_code': 404, 'file.extension': 'sql.gz' } }],
  },
  {
    title: 'a missing page is not told',
    act: (stage) => stage.site.browser().get('/no-such-page/'),
    silent: [{ category: 'http', action: '*' }, { category: 'data_access', action: '*' }],
  },
];
