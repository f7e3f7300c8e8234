import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { linkOf } from '../test-site/browser.ts';
import { PEOPLE } from '../test-site/people.ts';
import { phpLiteral } from '../test-site/php-runner.ts';
import { runRogueCode } from '../test-site/rogue-code.ts';
import type { Stage, UserAct } from '../test-site/user-act.ts';

const { administrator } = PEOPLE;
const HASH = /^[0-9a-f]{64}$/;

/** A package as a plugin's author publishes it. */
async function packageOf(stage: Stage, slug: string, version: string): Promise<Buffer<ArrayBuffer>> {
  const directory = path.join(stage.site.directory, `package-${slug}-${version}`);
  mkdirSync(path.join(directory, slug), { recursive: true });
  writeFileSync(path.join(directory, slug, `${slug}.php`), `<?php\n/**\n * Plugin Name: ${slug}\n * Version: ${version}\n */\n`);
  const zip = `${directory}.zip`;
  await stage.site.php(`require_once ABSPATH . 'wp-admin/includes/class-pclzip.php'; (new PclZip(${phpLiteral(zip)}))->create(${phpLiteral(path.join(directory, slug))}, PCLZIP_OPT_REMOVE_PATH, ${phpLiteral(directory)});`);
  return Buffer.from(readFileSync(zip));
}

async function uploadPackage(stage: Stage, slug: string, version: string): Promise<string> {
  const bytes = await packageOf(stage, slug, version);
  const browser = await stage.as(administrator);
  const body = new FormData();
  body.set('_wpnonce', await browser.nonce('/wp-admin/plugin-install.php?tab=upload'));
  body.set('pluginzip', new Blob([bytes], { type: 'application/zip' }), `${slug}.zip`);
  body.set('install-plugin-submit', 'Install Now');
  return (await browser.send('POST', '/wp-admin/update.php?action=upload-plugin', { body })).text;
}

// Hosts of a made-up internet have no address that WordPress could find harmless.
const UPGRADER = "add_filter('http_request_args', static fn($arguments) => ['reject_unsafe_urls' => false] + $arguments); require_once ABSPATH . 'wp-admin/includes/admin.php'; require_once ABSPATH . 'wp-admin/includes/class-wp-upgrader.php'; wp_set_current_user(get_user_by('login', 'ada')->ID);";

async function follow(stage: Stage, page: string, link: string): Promise<unknown> {
  const browser = await stage.as(administrator);
  const { text } = await browser.get(page);
  return browser.get(new URL(linkOf(text, link), `${stage.site.url}${page}`).href);
}

export const ACTS: readonly UserAct[] = [
  {
    title: 'a plugin switched on is told with who did it',
    prepare: (stage) => stage.as(administrator),
    act: (stage) => follow(stage, '/wp-admin/plugins.php', 'action=activate&plugin=akismet'),
    expect: [{ category: 'configuration', action: 'plugin-activated', times: 1, fields: { 'user.name': 'ada', 'wordpress.plugin.slug': 'akismet', 'wordpress.package.version': /^\d/ } }],
  },
  {
    title: 'a plugin switched off is told',
    prepare: (stage) => stage.as(administrator),
    act: (stage) => follow(stage, '/wp-admin/plugins.php', 'action=deactivate&plugin=akismet'),
    expect: [{ category: 'configuration', action: 'plugin-deactivated', times: 1, fields: { 'user.name': 'ada', 'wordpress.plugin.slug': 'akismet' } }],
  },
  {
    title: 'a plugin switched off by a write to the option of active ones is told, and who wrote it',
    prepare: ({ site }) => site.php("require_once ABSPATH . 'wp-admin/includes/plugin.php'; activate_plugin('akismet/akismet.php');"),
    act: ({ site }) => runRogueCode(site, "update_option('active_plugins', array_values(array_diff(get_option('active_plugins'), ['akismet/akismet.php'])));"),
    expect: [{ category: 'configuration', action: 'plugin-deactivated', times: 1, fields: { 'wordpress.plugin.slug': 'akismet', 'wordpress.actor.plugin': 'mu:rogue', 'user.name': (v) => v === undefined } }],
  },
  {
    title: 'a plugin switched on over REST is told with that kind of request',
    prepare: (stage) => stage.as(administrator),
    act: async (stage) => (await stage.as(administrator)).rest('PUT', '/wp/v2/plugins/akismet/akismet', { body: { status: 'active' } }),
    expect: [{ category: 'configuration', action: 'plugin-activated', times: 1, fields: { 'user.name': 'ada', 'wordpress.plugin.slug': 'akismet', 'wordpress.request.kind': 'rest' } }],
    restore: ({ site }) => site.php("require_once ABSPATH . 'wp-admin/includes/plugin.php'; deactivate_plugins('akismet/akismet.php');"),
  },
  {
    title: 'this plugin itself, switched off, is told last',
    act: ({ site }) => site.php("require_once ABSPATH . 'wp-admin/includes/plugin.php'; deactivate_plugins('tourniquet/tourniquet.php');"),
    // As a must-use plugin it cannot be switched off.
    expect: ({ site }) => (existsSync(site.tree.pluginDirectory('plugin')) ? [{ category: 'configuration', action: 'plugin-deactivated', times: 1, fields: { 'wordpress.plugin.slug': 'tourniquet' } }] : []),
    restore: ({ site }) => site.php("require_once ABSPATH . 'wp-admin/includes/plugin.php'; if (file_exists(WP_PLUGIN_DIR . '/tourniquet/tourniquet.php')) { activate_plugin('tourniquet/tourniquet.php'); }"),
  },
  {
    title: 'a look at the list of plugins tells nothing',
    prepare: (stage) => stage.as(administrator),
    act: async (stage) => (await stage.as(administrator)).get('/wp-admin/plugins.php'),
    silent: [{ category: 'configuration', action: '*' }, { category: 'file', action: '*' }],
  },
  {
    title: 'a plugin uploaded as a package is told as installed from an upload, with the hash of its files',
    prepare: async (stage) => {
      await stage.as(administrator);
      await stage.site.php("Tourniquet\\Integrity\\Baseline::record(); Tourniquet\\Integrity\\Inventory::tell();");
    },
    act: (stage) => uploadPackage(stage, 'lantern', '1.0'),
    expect: [
      { category: 'configuration', action: 'plugin-installed', times: 1, fields: { 'event.outcome': 'success', 'user.name': 'ada', 'wordpress.plugin.slug': 'lantern', 'wordpress.package.source': 'upload', 'wordpress.package.version': '1.0' } },
      { category: 'file', action: 'package-recorded', times: 1, fields: { 'wordpress.plugin.slug': 'lantern', 'wordpress.package.hash': HASH, 'wordpress.package.hash_before': (v) => v === undefined } },
    ],
    silent: [{ category: 'file', action: 'plugin-file-changed' }],
  },
  {
    title: 'a package that is there already changes nothing before somebody says so',
    prepare: (stage) => stage.as(administrator),
    act: (stage) => uploadPackage(stage, 'lantern', '1.1'),
    silent: [{ category: 'configuration', action: 'plugin-updated', fields: { 'event.outcome': 'success' } }, { category: 'configuration', action: 'plugin-installed', fields: { 'event.outcome': 'success' } }],
  },
  {
    title: 'a plugin installed from wordpress.org is told with the host it came from',
    prepare: async (stage) => {
      const body = await packageOf(stage, 'compass', '3.0');
      stage.internet.plays('downloads.wordpress.org', () => ({ status: 200, headers: { 'content-type': 'application/zip' }, body }));
    },
    act: ({ site }) => site.php(`${UPGRADER} $done = (new Plugin_Upgrader(new Automatic_Upgrader_Skin()))->install('https://downloads.wordpress.org/plugin/compass.3.0.zip'); if ($done !== true) { throw new Exception(is_wp_error($done) ? $done->get_error_message() : 'no'); }`),
    expect: [{ category: 'configuration', action: 'plugin-installed', times: 1, fields: { 'wordpress.plugin.slug': 'compass', 'wordpress.package.source': 'https://downloads.wordpress.org/', 'wordpress.package.version': '3.0' } }],
  },
  {
    title: 'an update through the upgrader is told with both versions and hashes, and is no tampering',
    prepare: async (stage) => {
      const body = await packageOf(stage, 'compass', '3.1');
      stage.internet.plays('free-plugins.example', () => ({ status: 200, headers: { 'content-type': 'application/zip' }, body }));
      await stage.site.php("require_once ABSPATH . 'wp-admin/includes/plugin.php'; activate_plugin('compass/compass.php');");
    },
    act: async ({ site }) => {
      await site.php(`${UPGRADER} $known = new stdClass(); $known->last_checked = time(); $known->checked = []; $known->response = ['compass/compass.php' => (object) ['slug' => 'compass', 'plugin' => 'compass/compass.php', 'new_version' => '3.1', 'package' => 'https://free-plugins.example/compass.zip?licence=Sesame-8812']]; set_site_transient('update_plugins', $known); $done = (new Plugin_Upgrader(new Automatic_Upgrader_Skin()))->bulk_upgrade(['compass/compass.php']);`);
      await site.php('Tourniquet\\Integrity\\Baseline::check();');
    },
    expect: [
      { category: 'configuration', action: 'plugin-updated', times: 1, fields: { 'event.outcome': 'success', 'wordpress.plugin.slug': 'compass', 'wordpress.package.source': 'https://free-plugins.example/', 'wordpress.package.version': '3.1', 'wordpress.package.version_before': '3.0' } },
      { category: 'file', action: 'package-recorded', times: 1, fields: { 'wordpress.plugin.slug': 'compass', 'wordpress.package.hash': HASH, 'wordpress.package.hash_before': HASH } },
      { category: 'file', action: 'baseline-checked', times: 1 },
    ],
    silent: [{ category: 'file', action: 'plugin-file-changed' }, { category: 'configuration', action: 'plugin-deactivated' }, { category: 'configuration', action: 'inventory-changed' }],
    forbidden: ['Sesame-8812'],
  },
  {
    title: 'a plugin deleted is told',
    prepare: (stage) => stage.as(administrator),
    act: async (stage) => stage.site.php(`${UPGRADER} deactivate_plugins('compass/compass.php'); delete_plugins(['compass/compass.php']);`),
    expect: [
      { category: 'configuration', action: 'plugin-deactivated', times: 1, fields: { 'wordpress.plugin.slug': 'compass' } },
      { category: 'configuration', action: 'plugin-deleted', times: 1, fields: { 'event.outcome': 'success', 'wordpress.plugin.slug': 'compass', 'user.name': 'ada' } },
    ],
  },
  {
    title: 'a theme installed and one deleted are told',
    act: async (stage) => {
      const directory = path.join(stage.site.directory, 'package-theme');
      mkdirSync(path.join(directory, 'buoy'), { recursive: true });
      writeFileSync(path.join(directory, 'buoy/style.css'), '/*\nTheme Name: Buoy\nVersion: 2.1\n*/\n');
      writeFileSync(path.join(directory, 'buoy/index.php'), '<?php\n');
      const zip = phpLiteral(`${directory}.zip`);
      await stage.site.php(`${UPGRADER} require_once ABSPATH . 'wp-admin/includes/class-pclzip.php'; (new PclZip(${zip}))->create(${phpLiteral(`${directory}/buoy`)}, PCLZIP_OPT_REMOVE_PATH, ${phpLiteral(directory)}); $done = (new Theme_Upgrader(new Automatic_Upgrader_Skin()))->install(${zip}); if ($done !== true) { throw new Exception('not installed'); } delete_theme('buoy');`);
    },
    expect: [
      { category: 'configuration', action: 'theme-installed', times: 1, fields: { 'wordpress.plugin.slug': 'theme:buoy', 'wordpress.theme.slug': 'buoy', 'wordpress.package.source': 'upload', 'wordpress.package.version': '2.1' } },
      { category: 'configuration', action: 'theme-deleted', times: 1, fields: { 'wordpress.theme.slug': 'buoy' } },
    ],
  },
  {
    title: 'an update of WordPress itself is told, and its files are recorded anew',
    prepare: (stage) => stage.site.php('Tourniquet\\Integrity\\Baseline::record();'),
    act: async (stage) => {
      const version = path.join(stage.site.tree.root, 'wp-includes/version.php');
      const was = readFileSync(version, 'utf8');
      writeFileSync(version, was.replace("'6.1.9'", "'6.1.10'"));
      await stage.site.php("do_action('_core_updated_successfully', '6.1.10');").catch(() => undefined);
      await stage.site.php('Tourniquet\\Integrity\\Baseline::check();');
      writeFileSync(version, was);
    },
    expect: [
      { category: 'configuration', action: 'core-updated', times: 1, fields: { 'wordpress.plugin.slug': 'core', 'wordpress.package.version': '6.1.10' } },
      { category: 'file', action: 'package-recorded', times: 1, fields: { 'wordpress.plugin.slug': 'core', 'wordpress.package.hash': HASH, 'wordpress.package.hash_before': HASH } },
    ],
    silent: [{ category: 'file', action: 'core-file-changed' }],
    restore: (stage) => stage.site.php('Tourniquet\\Integrity\\Baseline::record();'),
  },
  {
    title: 'another theme in use is told',
    prepare: async ({ site }) => {
      const theme = path.join(site.tree.root, 'wp-content/themes/mooring');
      mkdirSync(theme, { recursive: true });
      writeFileSync(path.join(theme, 'style.css'), '/*\nTheme Name: Mooring\nVersion: 0.4\n*/\n');
      writeFileSync(path.join(theme, 'index.php'), '<?php\n');
    },
    act: ({ site }) => runRogueCode(site, "switch_theme('mooring');"),
    expect: [{ category: 'configuration', action: 'theme-activated', times: 1, fields: { 'wordpress.plugin.slug': 'theme:mooring', 'wordpress.theme.slug': 'mooring', 'wordpress.package.version': '0.4' } }],
    restore: async ({ site }) => {
      await site.php("switch_theme('twentytwentyone');");
      rmSync(path.join(site.tree.root, 'wp-content/themes/mooring'), { recursive: true });
    },
  },
  {
    title: 'a plugin switched on for a whole network is told with its scope',
    on: ['network'],
    act: ({ site }) => site.php("require_once ABSPATH . 'wp-admin/includes/plugin.php'; activate_plugin('akismet/akismet.php', '', true);"),
    expect: [{ category: 'configuration', action: 'plugin-activated', times: 1, fields: { 'wordpress.plugin.slug': 'akismet', 'wordpress.option.scope': 'network' } }],
  },
];
