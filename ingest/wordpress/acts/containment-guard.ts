import { PEOPLE } from '../test-site/people.ts';
import { applied, deliver, obeys, order, orderEach, refused, signed, undo, undone } from '../test-site/signed-order.ts';
import type { UserAct } from '../test-site/user-act.ts';

const { administrator } = PEOPLE;

/** What a site refuses, whoever signed it. */
export const ACTS: readonly UserAct[] = [
  {
    title: 'the last administrator is not locked out',
    on: ['single', 'network'],
    prepare: (stage) => obeys(stage),
    act: async (stage) => {
      await order(stage, 'suspend-sessions', administrator.login);
      await stage.as(administrator);
    },
    expect: refused('last-administrator', { 'wordpress.target.name': administrator.login }),
    silent: [{ category: 'configuration', action: 'containment-started' }],
  },
  {
    title: 'neither the shop nor this plugin is disabled',
    prepare: (stage) => obeys(stage),
    act: (stage) => order(stage, 'disable-plugin', 'tourniquet'),
    expect: refused('needed-plugin-own'),
  },
  {
    title: 'neither log-in nor checkout nor the payment callbacks are blocked',
    prepare: (stage) => obeys(stage),
    act: async (stage) => {
      await orderEach(stage, 'block-route', ['/wp-login.php', '/checkout', '/wc-api/gateway', '/wp-json/wc/store/v1/cart', '/wp-json/some-gateway/v1/webhook', '/wp-admin/']);
      if ((await stage.site.browser().get('/wp-login.php')).status !== 200) throw new Error('the log-in is blocked');
    },
    expect: [{ category: 'configuration', action: 'containment-refused', fields: { 'event.reason': /^(?:needed-route|payment-callback)$/ }, times: 6 }],
  },
  {
    title: 'everybody, the proxy and the server itself are no addresses to block',
    prepare: (stage) => obeys(stage),
    act: async (stage) => {
      await orderEach(stage, 'block-address', ['0.0.0.0/0', '::/0', '127.0.0.1', '10.1.2.3', '203.0.0.0/8', 'nonsense']);
    },
    expect: [{ category: 'configuration', action: 'containment-refused', fields: { 'event.reason': /^(?:too-wide|own-network|not-a-network)$/ }, times: 6 }],
  },
  {
    title: 'payment services and the site itself are no hosts to block',
    prepare: (stage) => obeys(stage),
    act: async (stage) => {
      await orderEach(stage, 'block-host', ['api.stripe.com', 'com', '127.0.0.1', 'paypal.com']);
    },
    expect: [{ category: 'configuration', action: 'containment-refused', fields: { 'event.reason': /^(?:payment-host|own-host|not-a-host)$/ }, times: 4 }],
  },
  {
    title: 'a policy with an unknown name or a value that does not fit is refused',
    prepare: (stage) => obeys(stage),
    act: async (stage) => {
      await orderEach(stage, 'set-policy', ['{"containment":"enforce"}', '{"ai_policy":"whatever"}', '{"region":"DE"}', '[]', '{"ai_hosts":["http://x"]}']);
    },
    expect: [{ category: 'configuration', action: 'containment-refused', fields: { 'event.reason': /^(?:unknown-setting|bad-value-[a-z-]+|not-a-policy)$/ }, times: 5 }],
  },
  {
    title: 'a command with another signature is refused and moves no counter',
    prepare: (stage) => obeys(stage),
    act: async (stage) => {
      const command = await signed(stage, 'exports-off', '');
      await deliver(stage, { ...command, counter: command.counter + 1000 });
      await order(stage, 'capture-forensics', 'cron', { lasts_s: 0 });
    },
    expect: [...refused('bad-signature'), ...applied('capture-forensics')],
  },
  {
    title: 'a command is carried out once, even when the database is restored',
    prepare: (stage) => obeys(stage),
    act: async (stage) => {
      const command = await signed(stage, 'capture-forensics', 'cron', { lasts_s: 0 });
      await deliver(stage, command);
      await stage.site.php("delete_site_option('tourniquet_commands');");
      await deliver(stage, command);
    },
    expect: [{ category: 'configuration', action: 'containment-applied', fields: { 'wordpress.containment.action': 'capture-forensics' }, times: 1 }],
  },
  {
    title: 'commands for another site, or that came too late, are refused',
    prepare: (stage) => obeys(stage),
    act: async (stage) => {
      await deliver(stage, await signed(stage, 'exports-off', '', { site: 'another' }));
      await deliver(stage, await signed(stage, 'exports-off', '', { issued_at: Date.now() - 7_200_000, expires_at: Date.now() - 3_600_000 }));
    },
    expect: [...refused('wrong-site'), ...refused('expired')],
    silent: [{ category: 'configuration', action: 'containment-applied' }],
  },
  {
    title: 'more than twenty commands an hour are not carried out, but an undo is',
    prepare: async (stage) => {
      await obeys(stage);
      stage.notes.set('early', String(await order(stage, 'block-host', 'early.example')));
      await stage.site.php('$ledger = Tourniquet\\Plugin::get()->containment()->ledger(); for ($i = 0; $i < 20; $i++) { $ledger->carryOut(time()); }');
    },
    act: async (stage) => {
      await order(stage, 'block-host', 'late.example');
      await undo(stage, Number(stage.notes.get('early')));
    },
    expect: [...refused('rate-cap'), undone],
    restore: async (stage) => {
      await stage.site.php(`$file = Tourniquet\\Plugin::get()->place()->directory() . '/commands.json'; foreach ([json_decode(file_get_contents($file), true)] as $state) { $state['carried_out'] = []; update_site_option('tourniquet_commands', $state); file_put_contents($file, wp_json_encode($state)); } delete_site_option('tourniquet_settings');`);
    },
  },
];
