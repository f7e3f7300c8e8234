import { watch } from 'node:fs';
import { FakeInternet } from './fake-internet.ts';
import { PEOPLE } from './people.ts';
import { PLUGIN_SOURCE, STAND_IN_SOURCE } from './wordpress-tree.ts';
import { WordPressSite } from './wordpress-site.ts';

const HELP = `A WordPress of your own until Ctrl-C; edits of the plugin and the stand-ins show at once.

  node ingest/wordpress/test-site/serve.ts [--port N] [--multisite] [--hpos] [--mu] [--no-plugin]
`;

async function main(args: readonly string[]): Promise<void> {
  if (args.includes('--help')) {
    process.stdout.write(HELP);
    return;
  }
  const port = args.includes('--port') ? Number(args[args.indexOf('--port') + 1]) : undefined;
  await using internet = await FakeInternet.start();
  await using site = await WordPressSite.start({
    ...(port === undefined ? {} : { port }), isNetwork: args.includes('--multisite'), internetPort: internet.port,
    plugin: args.includes('--no-plugin') ? 'none' : args.includes('--mu') ? 'must-use' : 'plugin',
  });
  if (args.includes('--hpos')) await site.php("update_option('woocommerce_custom_orders_table_enabled', 'yes');");
  const watchers = [PLUGIN_SOURCE, STAND_IN_SOURCE].map((directory) => watch(directory, { recursive: true }, () => site.refresh()));
  process.stdout.write(`${site.url}/wp-admin/\n\n${Object.values(PEOPLE).map((p) => `${p.login.padEnd(12)} ${p.password.padEnd(28)} ${p.role}`).join('\n')}\n\nweb    ${site.tree.root}\nspool  ${site.spoolDirectory}\nPHP    ${site.directory}/php.log\nmail   ${site.directory}/mail\nSQL    mariadb --socket=${site.database.socket} wordpress\n\nCtrl-C ends it.\n`);
  await new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
  for (const watcher of watchers) watcher.close();
}

await main(process.argv.slice(2));
