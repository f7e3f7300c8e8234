import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pluginZip } from './plugin-package.ts';
import { linkOf } from './test-site/browser.ts';
import type { Browser } from './test-site/browser.ts';
import { PEOPLE } from './test-site/people.ts';
import { WordPressSite } from './test-site/wordpress-site.ts';

const IS_ACTIVE = "require_once ABSPATH . 'wp-admin/includes/plugin.php'; echo is_plugin_active('tourniquet/tourniquet.php') ? 'yes' : 'no';";
const LEFT = `global $wpdb; $hooks = []; foreach (_get_cron_array() as $due) { $hooks = array_merge($hooks, array_filter(array_keys($due), fn($h) => strpos($h, 'tourniquet') === 0)); }
  echo wp_json_encode([$wpdb->get_col("SELECT option_name FROM {$wpdb->options} WHERE option_name LIKE '%tourniquet%'"), $wpdb->get_col("SHOW TABLES LIKE '%tourniquet%'"), $hooks]);`;

async function upload(browser: Browser): Promise<string> {
  const page = await browser.get('/wp-admin/plugin-install.php?tab=upload');
  const form = /<form[^>]*class="wp-upload-form"[\s\S]*?<\/form>/.exec(page.text)?.[0] ?? '';
  const { name, bytes } = pluginZip();
  const body = new FormData();
  body.set('_wpnonce', /name="_wpnonce" value="([^"]+)"/.exec(form)?.[1] ?? '');
  body.set('pluginzip', new Blob([new Uint8Array(bytes)], { type: 'application/zip' }), name);
  body.set('install-plugin-submit', 'Install Now');
  return (await browser.send('POST', '/wp-admin/update.php?action=upload-plugin', { body, follow: true })).text;
}

/** As wp-admin does it: in two requests. */
async function remove(site: WordPressSite): Promise<void> {
  await site.php("require_once ABSPATH . 'wp-admin/includes/plugin.php'; deactivate_plugins(['tourniquet/tourniquet.php']);");
  await site.php("require_once ABSPATH . 'wp-admin/includes/plugin.php'; require_once ABSPATH . 'wp-admin/includes/file.php'; WP_Filesystem(); delete_plugins(['tourniquet/tourniquet.php']);");
}

describe('the zip on a WordPress without the plugin', () => {
  let site: WordPressSite;
  let browser: Browser;

  beforeAll(async () => {
    site = await WordPressSite.start({ plugin: 'none' });
    browser = await site.loggedIn(PEOPLE.administrator);
  });
  afterAll(() => site[Symbol.asyncDispose]());

  it('is installed by upload and activated', async () => {
    const installed = await upload(browser);
    expect(installed).toContain('Plugin installed successfully');
    await browser.get(new URL(linkOf(installed, 'action=activate'), `${site.url}/wp-admin/`).href);
    expect(await site.php(IS_ACTIVE)).toBe('yes');
    expect((await browser.get('/wp-admin/tools.php?page=tourniquet')).text).toContain('<h2>Connection</h2>');
    expect((await browser.get('/wp-admin/plugins.php')).text).toContain('tools.php?page=tourniquet');
    expect(site.events().map((e) => e['event.action'])).not.toContain('observer-failed');
  });

  it('is loaded once when its must-use loader is copied, too', async () => {
    await site.php("wp_mkdir_p(WPMU_PLUGIN_DIR); copy(WP_PLUGIN_DIR . '/tourniquet/mu-plugins/tourniquet.php', WPMU_PLUGIN_DIR . '/tourniquet.php');");
    expect(await site.php("echo Tourniquet\\Admin\\Status::isMustUse() ? 'must-use' : 'plugin';")).toBe('must-use');
    expect((await browser.get('/wp-admin/tools.php?page=tourniquet')).text).toContain('loaded as must-use plugin');
    expect((await browser.get('/')).status).toBe(200);
    await site.php("unlink(WPMU_PLUGIN_DIR . '/tourniquet.php');");
  });

  it('takes its options, tables and tasks away when it is deleted, and leaves the spool', async () => {
    await remove(site);
    expect(JSON.parse(await site.php(LEFT))).toEqual([[], [], []]);
    expect(existsSync(path.join(site.tree.root, 'wp-content', 'plugins', 'tourniquet'))).toBe(false);
    expect(existsSync(site.spoolDirectory)).toBe(true);
    expect(site.events().length).toBeGreaterThan(0);
  });

  it('deletes the spool, too, where the owner said so', async () => {
    const installed = await upload(browser);
    await browser.get(new URL(linkOf(installed, 'action=activate'), `${site.url}/wp-admin/`).href);
    await site.php("update_site_option('tourniquet_settings', ['remove_spool' => true]); Tourniquet\\Plugin::get()->spool()->identity()->save(['site' => 'shop']);");
    await remove(site);
    expect(existsSync(path.join(site.spoolDirectory, 'identity.json'))).toBe(false);
    await browser.get(new URL(linkOf(await upload(browser), 'action=activate'), `${site.url}/wp-admin/`).href);
    await site.php("update_site_option('tourniquet_settings', ['remove_spool' => true]);");
    expect(existsSync(path.join(site.spoolDirectory, 'tally'))).toBe(true);
    await remove(site);
    expect(existsSync(path.join(site.spoolDirectory, 'tally')), 'of a site that was never enrolled').toBe(false);
    expect(readFileSync(path.join(site.directory, 'php.log'), 'utf8').split('\n').filter((l) => l.includes('plugins/tourniquet/'))).toEqual([]);
  });
});
