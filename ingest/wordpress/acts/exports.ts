import { GUEST, PEOPLE } from '../test-site/people.ts';
import type { ExpectedPerson, Stage, UserAct } from '../test-site/user-act.ts';
import { inputOf } from '../test-site/browser.ts';

function person(type: ExpectedPerson['type'], { email }: { readonly email: string }): ExpectedPerson {
  return { type, kind: 'email', identifier: email };
}

/** Exporters as shops have them: of accounts, of a backup, and one that prints an invoice. */
const EXPORTERS = `<?php
function exporter_sends(string $name, string $type, callable $write): void { header('Content-Type: ' . $type); header('Content-Disposition: attachment; filename="' . $name . '"'); $write(); exit; }
add_action('admin_post_exporter_users', fn() => exporter_sends('people.csv', 'text/csv', function () {
    global $wpdb;
    foreach ($wpdb->get_results("SELECT ID, user_email, display_name FROM {$wpdb->users}") as $row) { echo $row->ID . ',' . $row->user_email . "\\n"; }
}));
add_action('admin_post_exporter_backup', fn() => exporter_sends('backup-db.sql.gz', 'application/gzip', fn() => print('x')));
add_action('admin_post_exporter_invoice', fn() => exporter_sends('invoice.pdf', 'application/pdf', fn() => print('x')));
`;

async function withExporters({ site }: Stage): Promise<void> {
  await site.php(`is_dir(WPMU_PLUGIN_DIR) || mkdir(WPMU_PLUGIN_DIR); file_put_contents(WPMU_PLUGIN_DIR . '/exporter.php', base64_decode('${Buffer.from(EXPORTERS).toString('base64')}'));`);
}

async function without({ site }: Stage): Promise<void> {
  await site.php("global $wpdb; @unlink(WPMU_PLUGIN_DIR . '/exporter.php'); $wpdb->query(\"DELETE FROM {$wpdb->users} WHERE user_login LIKE 'crowd-%'\");");
}

/** Enough made-up accounts that reading them all is a large read. */
export async function withCrowd({ site }: Stage): Promise<void> {
  await site.php("global $wpdb; for ($i = 0; $i < 260; $i++) { $wpdb->query($wpdb->prepare(\"INSERT IGNORE INTO {$wpdb->users} (user_login, user_email, user_registered) SELECT %s, %s, NOW() FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM {$wpdb->users} WHERE user_login = %s)\", \"crowd-$i\", \"crowd-$i@people.example\", \"crowd-$i\")); }");
}

/** Gives the account a past of the act: the plugin has known it for long, and it did so much on one day. */
export function past(act: string, amount: number): string {
  return `global $wpdb; $t = $wpdb->base_prefix . 'tourniquet_memory'; $id = get_user_by('login', 'ada')->ID;
(new Tourniquet\\Memory\\Table())->install(); $s = ['version' => 1, 'since' => time() - 40 * 86400, 'tried' => 0]; is_multisite() ? update_site_option('tourniquet_memory', $s) : update_option('tourniquet_memory', $s);
$wpdb->query("UPDATE {$wpdb->users} SET user_registered = '2020-01-01 00:00:00' WHERE ID = $id"); clean_user_cache($id);
$name = Tourniquet\\Memory\\Table::name('habit', "${act}\\nuser:$id"); $wpdb->query("DELETE FROM $t WHERE name = '$name'");
${amount} > 0 && (new Tourniquet\\Memory\\Table())->note($name, intdiv(time(), 86400) - 5, ${amount}, time() - 5 * 86400);`;
}

const ada = (stage: Stage): ReturnType<Stage['as']> => stage.as(PEOPLE.administrator);

async function exportAll(stage: Stage): Promise<void> {
  await (await ada(stage)).get('/wp-admin/export.php?download=true&content=all');
}

export const ACTS: readonly UserAct[] = [
  {
    title: 'WordPress\' export is told with rows, format and the persons in the file',
    on: ['single', 'network'],
    prepare: async (stage) => {
      await stage.site.php(`wp_insert_comment(['comment_post_ID' => 1, 'comment_author' => 'L', 'comment_author_email' => '${GUEST.email}', 'comment_content' => 'hello', 'comment_approved' => 1]);`);
      await ada(stage);
    },
    act: exportAll,
    expect: [{ category: 'data_export', action: 'content-exported', times: 1, persons: [person('contact', GUEST)], fields: { 'woocommerce.export.format': 'wxr', 'woocommerce.export.rows': (v) => Number(v) >= 2, 'wordpress.export.content': 'all', 'user.name': 'ada' } }],
  },
  ...([['known', 1000], ['exceeded', 1], ['new', 0]] as const).map(([habit, amount]): UserAct => ({
    title: `an export says that it is ${habit} to the account`,
    prepare: async (stage) => {
      await ada(stage);
      await stage.site.php(past('content-exported', amount));
      if (habit === 'exceeded') await stage.site.php("for ($i = 0; $i < 5; $i++) { wp_insert_post(['post_title' => 'p', 'post_content' => 'x', 'post_status' => 'publish']); }");
    },
    act: exportAll,
    expect: [{ category: 'data_export', action: 'content-exported', fields: { 'wordpress.actor.habit': habit } }],
  })),
  {
    title: 'the export screen alone is no export',
    prepare: ada,
    act: async (stage) => (await ada(stage)).get('/wp-admin/export.php'),
    silent: [{ category: 'data_export', action: '*' }],
  },
  {
    title: 'a request for a person\'s data is told with the person',
    prepare: ada,
    act: async (stage) => {
      const browser = await ada(stage);
      const page = await browser.get('/wp-admin/export-personal-data.php');
      await browser.post('/wp-admin/export-personal-data.php', { action: 'add_export_personal_data_request', type_of_action: 'export_personal_data', username_or_email_for_privacy_request: PEOPLE.second.email, _wpnonce: inputOf(page.text, '_wpnonce') });
    },
    expect: [{ category: 'database', action: 'personal-data-requested', times: 1, persons: [person('user', PEOPLE.second)], personCount: 1, fields: { 'wordpress.privacy.kind': 'export' } }],
  },
  {
    title: 'a person\'s data exported and erased are told',
    prepare: ada,
    act: (stage) => stage.site.php(`wp_set_current_user(get_user_by('login', 'ada')->ID); $id = wp_create_user_request('${PEOPLE.third.email}', 'export_personal_data'); do_action('wp_privacy_personal_data_export_file_created', '/x.zip', 'https://shop.example/x.zip', '/x.html', $id, '/x.json'); $id = wp_create_user_request('${PEOPLE.third.email}', 'remove_personal_data'); do_action('wp_privacy_personal_data_erased', $id);`),
    expect: [
      { category: 'data_export', action: 'personal-data-exported', times: 1, persons: [person('user', PEOPLE.third)], fields: { 'woocommerce.export.rows': 1 } },
      { category: 'database', action: 'personal-data-erased', times: 1, persons: [person('user', PEOPLE.third)], fields: { 'wordpress.privacy.kind': 'erasure' } },
    ],
  },
  {
    title: 'accounts that an unknown plugin sends as a file are told with rows and persons',
    prepare: async (stage) => { await withExporters(stage); await withCrowd(stage); await ada(stage); },
    act: async (stage) => (await ada(stage)).get('/wp-admin/admin-post.php?action=exporter_users'),
    expect: [{ category: 'data_export', action: 'users-exported', times: 1, persons: [person('user', PEOPLE.customer), { type: 'user', kind: 'email', identifier: 'crowd-7@people.example' }], fields: { 'woocommerce.export.rows': (v) => v === undefined || Number(v) >= 260, 'woocommerce.export.format': 'csv', 'event.id': /./, 'event.sequence': 1 } }],
    silent: [{ category: 'database', action: 'table-read' }],
  },
  {
    title: 'a backup that is sent as a file is told',
    prepare: async (stage) => { await withExporters(stage); await ada(stage); },
    act: async (stage) => (await ada(stage)).get('/wp-admin/admin-post.php?action=exporter_backup'),
    expect: [{ category: 'data_export', action: 'backup-downloaded', times: 1, fields: { 'file.extension': 'sql.gz', 'wordpress.ajax.action': 'exporter_backup' } }],
  },
  {
    title: 'a backup that a plugin makes is told with its parts',
    act: ({ site }) => site.php("do_action('updraft_backupnow_backup_database'); do_action('updraft_backup_database');"),
    expect: [{ category: 'data_export', action: 'backup-created', times: 1, fields: { 'wordpress.plugin.slug': 'updraftplus', 'wordpress.backup.parts': 'database' } }],
  },
  {
    title: 'an invoice is no export',
    prepare: async (stage) => { await withExporters(stage); await ada(stage); },
    act: async (stage) => (await ada(stage)).get('/wp-admin/admin-post.php?action=exporter_invoice'),
    silent: [{ category: 'data_export', action: '*' }],
    restore: without,
  },
];
