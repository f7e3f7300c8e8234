import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inputOf } from '../test-site/browser.ts';
import { PEOPLE } from '../test-site/people.ts';
import { runRogueCode } from '../test-site/rogue-code.ts';
import type { Stage, UserAct } from '../test-site/user-act.ts';

const { administrator, customer } = PEOPLE;

async function saveSettings(stage: Stage, screen: string, change: (form: Record<string, string>) => Record<string, string>): Promise<unknown> {
  const browser = await stage.as(administrator);
  const { text } = await browser.get(`/wp-admin/options-${screen}.php`);
  const form: Record<string, string> = {};
  for (const input of text.matchAll(/<input[^>]*>/g)) {
    const name = /name=["']([^"']+)["']/.exec(input[0])?.[1];
    const isChosen = !/type=["'](?:checkbox|radio)["']/.test(input[0]) || /checked/.test(input[0]);
    if (name !== undefined && isChosen && !/type=["']submit["']/.test(input[0])) form[name] = /value=["']([^"']*)["']/.exec(input[0])?.[1] ?? '';
  }
  for (const select of text.matchAll(/<select[^>]*name=["']([^"']+)["'][\s\S]*?<\/select>/g)) {
    form[select[1] ?? ''] = /selected='selected'[^>]*value=['"]([^'"]*)|value=['"]([^'"]*)['"][^>]*selected/.exec(select[0])?.slice(1).find((v) => v !== undefined) ?? '';
  }
  return browser.post('/wp-admin/options.php', change(form));
}

async function editPluginFile(stage: Stage, file: string, change: (text: string) => string): Promise<unknown> {
  const browser = await stage.as(administrator);
  const { text } = await browser.get(`/wp-admin/plugin-editor.php?plugin=akismet/akismet.php&file=${file}`);
  const was = readFileSync(path.join(stage.site.tree.root, 'wp-content/plugins', file), 'utf8');
  return browser.ajax('edit-theme-plugin-file', { nonce: inputOf(text, 'nonce'), file, plugin: 'akismet/akismet.php', newcontent: change(was), docs_list: '' });
}

export const ACTS: readonly UserAct[] = [
  {
    title: 'registration opened on the settings page is told with its value',
    prepare: (stage) => stage.as(administrator),
    act: (stage) => saveSettings(stage, 'general', (form) => ({ ...form, users_can_register: '1' })),
    expect: [{ category: 'configuration', action: 'option-updated', times: 1, fields: { 'user.name': 'ada', 'wordpress.option.name': 'users_can_register', 'wordpress.option.new': true } }],
    restore: ({ site }) => site.php("update_option('users_can_register', 0);"),
  },
  {
    title: 'settings saved as they were tell nothing',
    prepare: async (stage) => saveSettings(stage, 'general', (form) => form),
    act: (stage) => saveSettings(stage, 'general', (form) => form),
    silent: [{ category: 'configuration', action: '*' }],
  },
  {
    title: 'a default role of editor is told by its name',
    act: ({ site }) => runRogueCode(site, "update_option('default_role', 'editor');"),
    expect: [{ category: 'configuration', action: 'option-updated', times: 1, fields: { 'wordpress.option.name': 'default_role', 'wordpress.option.old': 'subscriber', 'wordpress.option.new': 'editor', 'wordpress.plugin.slug': 'mu:rogue' } }],
    restore: ({ site }) => site.php("update_option('default_role', 'subscriber');"),
  },
  {
    title: 'a new address of the administration is told as persons, not as a value',
    act: ({ site }) => runRogueCode(site, "update_option('admin_email', 'harbourmaster@people.example');"),
    expect: [{ category: 'configuration', action: 'option-updated', fields: { 'wordpress.option.name': 'admin_email', 'wordpress.option.new': (v) => v === undefined }, persons: [{ type: 'contact', kind: 'email', identifier: 'harbourmaster@people.example' }] }],
    forbidden: ['harbourmaster@people.example'],
  },
  {
    title: 'where the site lives is told by name alone',
    act: ({ site }) => runRogueCode(site, "update_option('upload_path', 'wp-content/elsewhere'); update_option('upload_path', '');"),
    expect: [{ category: 'configuration', action: 'option-updated', times: 2, fields: { 'wordpress.option.name': 'upload_path', 'wordpress.option.new': (v) => v === undefined } }],
  },
  {
    title: 'an option nobody needs to watch tells nothing',
    act: ({ site }) => runRogueCode(site, "update_option('blogdescription', 'Another day at sea');"),
    silent: [{ category: 'configuration', action: '*' }],
    forbidden: ['Another day at sea'],
  },
  {
    title: 'WP_DEBUG switched on in wp-config.php is told once, by nobody',
    prepare: async ({ site }) => site.browser().get('/'),
    act: async ({ site }) => {
      const config = path.join(site.tree.root, 'wp-config.php');
      const was = readFileSync(config, 'utf8');
      writeFileSync(config, was.replace('<?php', "<?php\ndefine('SAVEQUERIES', true); define('DISALLOW_FILE_MODS', false);"));
      await site.browser().get('/');
      await site.browser().get('/');
      writeFileSync(config, was);
    },
    expect: [{ category: 'configuration', action: 'constant-changed', times: 1, fields: { 'wordpress.constant.name': 'SAVEQUERIES', 'wordpress.constant.old': false, 'wordpress.constant.new': true, 'user.name': (v) => v === undefined } }],
    silent: [{ category: 'configuration', action: 'constant-changed', fields: { 'wordpress.constant.name': 'DISALLOW_FILE_MODS' } }],
  },
  {
    title: 'a constant set back is told, too',
    act: async ({ site }) => site.browser().get('/'),
    expect: [{ category: 'configuration', action: 'constant-changed', times: 1, fields: { 'wordpress.constant.name': 'SAVEQUERIES', 'wordpress.constant.new': false } }],
  },
  {
    title: 'a job that a plugin gives to cron for the first time is told, the second time not',
    prepare: ({ site }) => site.php("wp_schedule_single_event(time() + 7200, 'first_of_all');"),
    act: ({ site }) => runRogueCode(site, "wp_schedule_event(time() + 9000, 'hourly', 'rogue_sync'); wp_clear_scheduled_hook('rogue_sync'); wp_schedule_event(time() + 9000, 'hourly', 'rogue_sync');"),
    expect: [
      { category: 'configuration', action: 'cron-job-added', times: 1, fields: { 'wordpress.cron.hook': 'rogue_sync', 'wordpress.cron.schedule': ['hourly'], 'wordpress.plugin.slug': 'mu:rogue' } },
      { category: 'configuration', action: 'cron-job-removed', times: 1, fields: { 'wordpress.cron.hook': 'rogue_sync' } },
    ],
  },
  {
    title: 'cron that runs jobs the site knows tells nothing',
    act: ({ site }) => site.php("wp_unschedule_hook('wp_version_check'); wp_schedule_event(time() - 10, 'twicedaily', 'rogue_known_job'); delete_option('nothing');"),
    silent: [{ category: 'configuration', action: 'option-deleted' }],
  },
  {
    title: 'a plugin file edited in the built-in editor is told with its path',
    prepare: (stage) => stage.as(administrator),
    act: (stage) => editPluginFile(stage, 'akismet/index.php', (text) => `${text}\n// edited by hand\n`),
    expect: [{ category: 'file', action: 'plugin-file-edited', times: 1, fields: { 'event.outcome': 'success', 'user.name': 'ada', 'wordpress.plugin.slug': 'akismet', 'file.path': 'wp-content/plugins/akismet/index.php', 'file.extension': 'php', 'file.hash.sha256': /^[0-9a-f]{64}$/ } }],
  },
  {
    title: 'the same file saved as it was counts as no edit',
    prepare: (stage) => stage.as(administrator),
    act: (stage) => editPluginFile(stage, 'akismet/index.php', (text) => text),
    expect: [{ category: 'file', action: 'plugin-file-edited', times: 1, fields: { 'event.outcome': 'failure' } }],
  },
  {
    title: 'an edit that a customer tries over ajax fails, and is told so',
    prepare: (stage) => stage.as(customer),
    act: async (stage) => (await stage.as(customer)).ajax('edit-theme-plugin-file', { nonce: 'aaaaaaaaaa', file: 'akismet/index.php', plugin: 'akismet/akismet.php', newcontent: '<?php // taken over' }),
    expect: [{ category: 'file', action: 'plugin-file-edited', times: 1, fields: { 'event.outcome': 'failure', 'user.roles': ['customer'] } }],
  },
  {
    title: 'a theme file edited in the built-in editor is told with the theme',
    prepare: (stage) => stage.as(administrator),
    act: async (stage) => {
      const browser = await stage.as(administrator);
      const { text } = await browser.get('/wp-admin/theme-editor.php?theme=twentytwentyone&file=style.css');
      const was = readFileSync(path.join(stage.site.tree.root, 'wp-content/themes/twentytwentyone/style.css'), 'utf8');
      await browser.ajax('edit-theme-plugin-file', { nonce: inputOf(text, 'nonce'), file: 'style.css', theme: 'twentytwentyone', newcontent: `${was}\n/* by hand */\n`, docs_list: '' });
    },
    expect: [{ category: 'file', action: 'theme-file-edited', times: 1, fields: { 'event.outcome': 'success', 'wordpress.plugin.slug': 'theme:twentytwentyone', 'file.name': 'style.css' } }],
  },
  {
    title: 'registration opened for a whole network is told with its scope',
    on: ['network'],
    act: ({ site }) => site.php("update_site_option('registration', 'all');"),
    expect: [{ category: 'configuration', action: 'option-updated', times: 1, fields: { 'wordpress.option.name': 'registration', 'wordpress.option.new': 'all', 'wordpress.option.scope': 'network' } }],
    restore: ({ site }) => site.php("update_site_option('registration', 'none');"),
  },
  {
    title: 'a path that leads out of the plugins is not looked at',
    prepare: async (stage) => {
      await stage.as(customer);
      appendFileSync(path.join(stage.site.tree.root, 'site-note.txt'), '');
    },
    act: async (stage) => (await stage.as(customer)).ajax('edit-theme-plugin-file', { nonce: 'aaaaaaaaaa', file: '../../wp-config.php', plugin: 'akismet/akismet.php', newcontent: '<?php' }),
    silent: [{ category: 'file', action: '*' }],
  },
];
