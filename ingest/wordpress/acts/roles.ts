import { PEOPLE } from '../test-site/people.ts';
import { runRogueCode } from '../test-site/rogue-code.ts';
import type { Stage, UserAct } from '../test-site/user-act.ts';

const { administrator, author, customer, editor, subscriber, third } = PEOPLE;
const TOKEN = /^[a-p]{24}$/;

function isAbsent(value: unknown): boolean {
  return value === undefined;
}

function giveRole(login: string, role: string): (stage: Stage) => Promise<string> {
  return ({ site }) => site.php(`get_user_by('login', '${login}')->set_role('${role}');`);
}

async function changeRoleOnScreen(stage: Stage, login: string, role: string): Promise<unknown> {
  const browser = await stage.as(administrator);
  const nonce = await browser.nonce('/wp-admin/users.php');
  return browser.get(`/wp-admin/users.php?_wpnonce=${nonce}&new_role=${role}&changeit=Change&users%5B%5D=${await stage.site.userId({ login })}`);
}

export const ACTS: readonly UserAct[] = [
  {
    title: 'a role changed on the list of users is told with the old and the new one',
    prepare: (stage) => stage.as(administrator),
    act: (stage) => changeRoleOnScreen(stage, author.login, 'editor'),
    expect: [{ category: 'iam', action: 'user-role-changed', times: 1, fields: { 'user.name': 'ada', 'user.target.name': 'anton', 'wordpress.role.old': 'author', 'wordpress.role.new': 'editor', 'wordpress.request.kind': 'admin' }, persons: [{ type: 'user', kind: 'email', identifier: author.email }] }],
    restore: giveRole(author.login, 'author'),
  },
  {
    title: 'an editor who becomes administrator on the list of users is told as an administrator granted',
    prepare: (stage) => stage.as(administrator),
    act: (stage) => changeRoleOnScreen(stage, editor.login, 'administrator'),
    expect: [{ category: 'iam', action: 'administrator-granted', times: 1, fields: { 'user.name': 'ada', 'user.target.name': 'edgar', 'wordpress.role.old': 'editor', 'wordpress.role.new': 'administrator' } }],
    restore: giveRole(editor.login, 'editor'),
  },
  {
    title: 'a role changed over REST is told as that of the list',
    prepare: (stage) => stage.as(administrator),
    act: async (stage) => (await stage.as(administrator)).rest('POST', `/wp/v2/users/${await stage.site.userId(subscriber)}`, { body: { roles: ['contributor'] } }),
    expect: [{ category: 'iam', action: 'user-role-changed', times: 1, fields: { 'wordpress.role.old': 'subscriber', 'wordpress.role.new': 'contributor', 'wordpress.request.kind': 'rest' } }],
    restore: giveRole(subscriber.login, 'subscriber'),
  },
  {
    title: 'the same role given again tells nothing',
    prepare: (stage) => stage.as(administrator),
    act: (stage) => changeRoleOnScreen(stage, author.login, 'author'),
    silent: [{ category: 'iam', action: '*' }],
  },
  {
    title: 'an administrator whom rogue code makes of a customer was granted by nobody',
    act: ({ site }) => runRogueCode(site, `get_user_by('login', 'kasimir')->set_role('administrator');`),
    expect: [{ category: 'iam', action: 'administrator-granted', times: 1, fields: { 'user.name': isAbsent, 'user.target.name': 'kasimir', 'wordpress.role.old': 'customer', 'wordpress.role.new': 'administrator', 'wordpress.plugin.slug': 'mu:rogue', 'wordpress.request.kind': 'front' }, persons: [{ type: 'user', kind: 'email', identifier: customer.email }] }],
    restore: giveRole(customer.login, 'customer'),
  },
  {
    title: 'capabilities that code writes straight to the table of meta values are seen as well',
    act: ({ site }) => runRogueCode(site, `update_user_meta(get_user_by('login', 'benedikt')->ID, 'wp_capabilities', ['customer' => true, 'administrator' => true]);`),
    expect: [{ category: 'iam', action: 'administrator-granted', times: 1, fields: { 'user.name': isAbsent, 'wordpress.role.old': 'customer', 'wordpress.role.new': 'administrator' } }],
    restore: giveRole(third.login, 'customer'),
  },
  {
    title: 'a customer who raises the own role has the same name as actor and as target',
    prepare: (stage) => stage.as(customer),
    act: async (stage) => {
      const { writeFileSync, rmSync } = await import('node:fs');
      const file = `${stage.site.tree.root}/wp-content/mu-plugins/hole.php`;
      writeFileSync(file, "<?php add_action('init', static function () { if (isset($_GET['hole'])) { (new WP_User(get_current_user_id()))->set_role('shop_manager'); exit; } });");
      await (await stage.as(customer)).get('/?hole=1');
      rmSync(file);
    },
    expect: [{ category: 'iam', action: 'user-role-changed', times: 1, fields: { 'user.name': TOKEN, 'user.target.name': TOKEN, 'user.roles': ['customer'], 'wordpress.role.new': 'shop_manager' } }],
    restore: giveRole(customer.login, 'customer'),
  },
  {
    title: 'a capability given to one account is told',
    act: ({ site }) => runRogueCode(site, `get_user_by('login', 'anton')->add_cap('manage_options');`),
    expect: [{ category: 'iam', action: 'capability-granted', times: 1, fields: { 'user.target.name': 'anton', 'wordpress.role.capability': 'manage_options' } }],
    restore: ({ site }) => site.php("get_user_by('login', 'anton')->remove_cap('manage_options');"),
  },
  {
    title: 'capabilities added to a whole role are told together',
    act: ({ site }) => runRogueCode(site, `get_role('subscriber')->add_cap('manage_options'); get_role('subscriber')->add_cap('list_users');`),
    expect: [{ category: 'iam', action: 'role-capability-added', times: 1, fields: { 'wordpress.role.name': 'subscriber', 'wordpress.role.capability': ['manage_options', 'list_users'] } }],
    restore: ({ site }) => site.php("get_role('subscriber')->remove_cap('manage_options'); get_role('subscriber')->remove_cap('list_users');"),
  },
  {
    title: 'an administrator written by SQL past WordPress is found at the next round',
    prepare: ({ site }) => site.php("do_action('tourniquet_integrity');"),
    act: async ({ site }) => {
      await site.database.sql(`UPDATE wp_usermeta SET meta_value = 'a:1:{s:13:"administrator";b:1;}' WHERE meta_key = 'wp_capabilities' AND user_id = ${await site.userId(subscriber)}`);
      await site.php("do_action('tourniquet_integrity');");
    },
    expect: [{ category: 'iam', action: 'administrator-granted', times: 1, fields: { 'event.reason': 'past-wordpress', 'user.name': isAbsent, 'wordpress.role.new': 'administrator' }, persons: [{ type: 'user', kind: 'email', identifier: subscriber.email }] }],
    restore: giveRole(subscriber.login, 'subscriber'),
  },
  {
    title: 'the round after it says nothing of administrators that are known',
    act: ({ site }) => site.php("do_action('tourniquet_integrity');"),
    silent: [{ category: 'iam', action: '*' }],
  },
  {
    title: 'a super administrator of a network is told when granted',
    on: ['network'],
    act: ({ site }) => runRogueCode(site, `require_once ABSPATH . 'wp-admin/includes/ms.php'; grant_super_admin(get_user_by('login', 'edgar')->ID);`),
    expect: [{ category: 'iam', action: 'administrator-granted', times: 1, fields: { 'user.target.name': 'edgar', 'wordpress.role.new': 'super_admin' } }],
    restore: ({ site }) => site.php("revoke_super_admin(get_user_by('login', 'edgar')->ID);"),
  },
  {
    title: 'a user added to another site of a network is told with that site',
    on: ['network'],
    act: ({ site }) => site.php(`add_user_to_blog(2, get_user_by('login', 'severin')->ID, 'editor');`),
    expect: [{ category: 'iam', action: 'user-role-changed', fields: { 'wordpress.role.new': 'editor', 'wordpress.role.blog': 2 } }],
    restore: ({ site }) => site.php(`remove_user_from_blog(get_user_by('login', 'severin')->ID, 2);`),
  },
  {
    title: 'code that enters a site for somebody who does not belong there is told once',
    on: ['network'],
    prepare: (stage) => stage.as(customer),
    act: async (stage) => {
      const { writeFileSync, rmSync } = await import('node:fs');
      const file = `${stage.site.tree.root}/wp-content/mu-plugins/walk.php`;
      writeFileSync(file, "<?php add_action('init', static function () { if (isset($_GET['walk'])) { for ($i = 0; $i < 3; $i++) { switch_to_blog(3); restore_current_blog(); } exit; } });");
      await (await stage.as(customer)).get('/?walk=1');
      rmSync(file);
    },
    expect: [{ category: 'iam', action: 'site-entered', times: 1, fields: { 'wordpress.blog.id': 3, 'wordpress.blog.switched_from': 1, 'wordpress.target.kind': 'site' } }],
  },
  {
    title: 'a super administrator who looks at the list of sites enters none',
    on: ['network'],
    prepare: (stage) => stage.as(administrator),
    act: async (stage) => (await stage.as(administrator)).get('/wp-admin/network/sites.php'),
    silent: [{ category: 'iam', action: '*' }],
  },
  {
    title: 'a new site of a network is told',
    on: ['network'],
    act: ({ site }) => site.php(`$id = wpmu_create_blog('127.0.0.1:${site.port}', '/east/', 'East', get_user_by('login', 'ada')->ID); if (is_wp_error($id)) { throw new Exception($id->get_error_message()); }`),
    expect: [{ category: 'configuration', action: 'site-created', fields: { 'wordpress.target.kind': 'site' } }],
  },
];
