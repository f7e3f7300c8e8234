import { appendFileSync, cpSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Stage, UserAct } from '../test-site/user-act.ts';

const HASH = /^[0-9a-f]{64}$/;

function file(stage: Stage, name: string): string {
  return path.join(stage.site.tree.root, name);
}

function record({ site }: Stage): Promise<string> {
  return site.php('Tourniquet\\Integrity\\Baseline::record(); Tourniquet\\Integrity\\Inventory::tell();');
}

function check({ site }: Stage): Promise<string> {
  return site.php('Tourniquet\\Integrity\\Baseline::check();');
}

function round({ site }: Stage): Promise<string> {
  return site.php("do_action('tourniquet_integrity');");
}

export const ACTS: readonly UserAct[] = [
  {
    title: 'a baseline that is recorded puts its hash onto the log',
    act: record,
    expect: [
      { category: 'file', action: 'baseline-recorded', times: 1, fields: { 'wordpress.baseline.hash': HASH, 'wordpress.baseline.files': (n) => Number(n) > 1000 } },
      { category: 'configuration', action: 'inventory', times: 1, fields: { 'wordpress.inventory.entries': (list) => Array.isArray(list) && list.some((e) => (e as { name: string }).name === 'tourniquet') && list.some((e) => (e as { name: string }).name === 'php') } },
    ],
  },
  {
    title: 'a check of a site that nobody touched finds nothing new',
    prepare: check,
    act: check,
    expect: [{ category: 'file', action: 'baseline-checked', times: 1, fields: { 'event.outcome': 'success', 'wordpress.baseline.differences': 0 } }],
    silent: [{ category: 'file', action: 'core-file-changed' }, { category: 'file', action: 'plugin-file-changed' }, { category: 'file', action: 'theme-file-changed' }, { category: 'file', action: 'file-created' }],
  },
  {
    title: 'a file of WordPress changed outside an update is told once',
    prepare: check,
    act: async (stage) => {
      appendFileSync(file(stage, 'wp-includes/version.php'), '\n// changed\n');
      await check(stage);
      await check(stage);
    },
    expect: [{ category: 'file', action: 'core-file-changed', times: 1, fields: { 'event.type': 'change', 'wordpress.plugin.slug': 'core', 'file.path': 'wp-includes/version.php', 'file.hash.sha256': HASH } }],
    restore: record,
  },
  {
    title: 'a changed wp-config.php is told without what stands in it',
    act: async (stage) => {
      appendFileSync(file(stage, 'wp-config.php'), "\ndefine('SOME_SERVICE_KEY', 'Sesame-4711');\n");
      await check(stage);
    },
    expect: [{ category: 'file', action: 'core-file-changed', times: 1, fields: { 'file.path': 'wp-config.php' } }],
    forbidden: ['Sesame-4711'],
    restore: record,
  },
  {
    title: 'a new file in a plugin, and one that is gone, are told',
    act: async (stage) => {
      writeFileSync(file(stage, 'wp-content/plugins/akismet/helper.php'), '<?php // new');
      rmSync(file(stage, 'wp-content/plugins/akismet/index.php'));
      await check(stage);
    },
    expect: [
      { category: 'file', action: 'plugin-file-changed', times: 1, fields: { 'event.type': 'creation', 'wordpress.plugin.slug': 'akismet', 'file.name': 'helper.php' } },
      { category: 'file', action: 'plugin-file-changed', times: 1, fields: { 'event.type': 'deletion', 'wordpress.plugin.slug': 'akismet', 'file.name': 'index.php' } },
    ],
    restore: async (stage) => {
      rmSync(file(stage, 'wp-content/plugins/akismet/helper.php'));
      await record(stage);
    },
  },
  {
    title: 'a theme file whose times were set back is found by the hourly round all the same',
    prepare: async (stage) => {
      await record(stage);
      await round(stage);
    },
    act: async (stage) => {
      const functions = file(stage, 'wp-content/themes/twentytwentyone/functions.php');
      const was = statSync(functions);
      appendFileSync(functions, '// x');
      utimesSync(functions, was.atime, was.mtime);
      await round(stage);
    },
    expect: [{ category: 'file', action: 'theme-file-changed', times: 1, fields: { 'wordpress.plugin.slug': 'theme:twentytwentyone', 'file.name': 'functions.php' } }],
    restore: record,
  },
  {
    title: 'a touched file that did not change tells nothing',
    act: async (stage) => {
      utimesSync(file(stage, 'wp-content/plugins/akismet/akismet.php'), new Date(), new Date());
      await round(stage);
    },
    silent: [{ category: 'file', action: 'plugin-file-changed' }],
  },
  {
    title: 'code among uploads is told as created, pictures and empty index files are not',
    act: async (stage) => {
      mkdirSync(file(stage, 'wp-content/uploads/2026/11'), { recursive: true });
      writeFileSync(file(stage, 'wp-content/uploads/2026/11/cache.php'), "<?php system($_GET['c']);");
      writeFileSync(file(stage, 'wp-content/uploads/2026/11/avatar.phtml.jpg'), 'x');
      writeFileSync(file(stage, 'wp-content/uploads/2026/11/holiday.jpg'), 'x');
      writeFileSync(file(stage, 'wp-content/uploads/index.php'), '<?php\n// Silence is golden.\n');
      await check(stage);
    },
    expect: [
      { category: 'file', action: 'file-created', times: 1, fields: { 'file.name': 'cache.php', 'file.extension': 'php', 'file.path': 'wp-content/uploads/2026/11/cache.php' } },
      { category: 'file', action: 'file-created', times: 1, fields: { 'file.name': 'avatar.phtml.jpg' } },
      { category: 'file', action: 'file-created', times: 2 },
    ],
    restore: async (stage) => rmSync(file(stage, 'wp-content/uploads/2026'), { recursive: true }),
  },
  {
    title: 'a must-use plugin and a drop-in that appear are told',
    act: async (stage) => {
      writeFileSync(file(stage, 'wp-content/mu-plugins/stowaway.php'), '<?php // nothing yet');
      writeFileSync(file(stage, 'wp-content/maintenance.php'), '<?php // nothing yet');
      await check(stage);
    },
    expect: [
      { category: 'file', action: 'plugin-file-changed', times: 1, fields: { 'wordpress.plugin.slug': 'mu:stowaway', 'event.type': 'creation' } },
      { category: 'file', action: 'plugin-file-changed', times: 1, fields: { 'wordpress.plugin.slug': 'drop-ins', 'file.name': 'maintenance.php' } },
    ],
    restore: async (stage) => {
      rmSync(file(stage, 'wp-content/mu-plugins/stowaway.php'));
      rmSync(file(stage, 'wp-content/maintenance.php'));
      await record(stage);
    },
  },
  {
    title: 'a plugin copied onto the server past WordPress is told as a whole, and in the inventory',
    prepare: record,
    act: async (stage) => {
      cpSync(file(stage, 'wp-content/plugins/akismet'), file(stage, 'wp-content/plugins/driftwood'), { recursive: true });
      await check(stage);
      await round(stage);
    },
    expect: [
      { category: 'file', action: 'plugin-file-changed', times: 1, fields: { 'wordpress.plugin.slug': 'driftwood', 'event.type': 'creation', 'wordpress.baseline.files': (n) => Number(n) > 5 } },
      { category: 'configuration', action: 'inventory-changed', times: 1, fields: { 'wordpress.plugin.slug': 'driftwood', 'wordpress.inventory.change': 'added' } },
    ],
    restore: async (stage) => {
      rmSync(file(stage, 'wp-content/plugins/driftwood'), { recursive: true });
      await round(stage);
      await record(stage);
    },
  },
  {
    title: 'where wordpress.org answers, files that are not as it publishes them are counted',
    prepare: async (stage) => {
      stage.internet.plays('api.wordpress.org', () => ({ body: JSON.stringify({ checksums: { 'wp-load.php': '00', 'wp-cron.php': '11', 'wp-content/plugins/hello.php': '22' } }) }));
    },
    act: ({ site }) => site.php("define('DOING_CRON', true); Tourniquet\\Integrity\\Baseline::record();"),
    expect: [{ category: 'file', action: 'baseline-recorded', times: 1, fields: { 'wordpress.baseline.foreign': 2 } }],
    restore: async (stage) => stage.internet.plays('api.wordpress.org', () => ({ body: '{}' })),
  },
  {
    title: 'a baseline that somebody deleted is told before it is recorded anew',
    prepare: record,
    act: async (stage) => {
      rmSync(path.join(stage.site.spoolDirectory, 'integrity'), { recursive: true });
      await round(stage);
    },
    expect: [{ category: 'file', action: 'baseline-replaced', times: 1 }, { category: 'file', action: 'baseline-recorded', times: 1 }],
  },
  {
    title: 'a baseline that somebody replaced is told',
    prepare: record,
    act: async (stage) => {
      const directory = path.join(stage.site.spoolDirectory, 'integrity');
      const [snapshot = ''] = readdirSync(directory).filter((name) => name.endsWith('.gz'));
      rmSync(path.join(directory, snapshot));
      const index = path.join(directory, 'index.json');
      writeFileSync(index, '{"core":{"hash":"0","files":1,"version":"6.1"}}');
      await check(stage);
    },
    expect: [{ category: 'file', action: 'baseline-replaced', fields: { 'wordpress.baseline.hash': HASH } }],
    restore: record,
  },
];
