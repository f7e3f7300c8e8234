import { inputOf } from '../test-site/browser.ts';
import type { Answer, Browser, Form } from '../test-site/browser.ts';
import { PEOPLE } from '../test-site/people.ts';
import { obeys, order } from '../test-site/signed-order.ts';
import type { Stage, UserAct } from '../test-site/user-act.ts';

const { administrator, manager } = PEOPLE;

/** What an enrolment line's secret could look like. */
const SECRET = 'Zm9yYmlkZGVuLXNlY3JldC1vZi1hLWxpbmUtMDEyMzQ';

function must(isSo: boolean, otherwise: string): void {
  if (!isSo) throw new Error(otherwise);
}

function pathOf(stage: Stage): string {
  return stage.variant === 'network' ? '/wp-admin/network/settings.php?page=tourniquet' : '/wp-admin/tools.php?page=tourniquet';
}

async function send(stage: Stage, browser: Browser, form: Form): Promise<Answer> {
  const page = await browser.get(pathOf(stage));
  return browser.post(pathOf(stage), { _wpnonce: inputOf(page.text, '_wpnonce'), ...form });
}

const SETTINGS: Form = { tourniquet_do: 'settings', tourniquet_containment: 'enforce', tourniquet_owner_undo: '1', tourniquet_spool_mebibytes: '256', tourniquet_shipping: 'external', tourniquet_ai_policy: 'allow', tourniquet_trusted_proxies: '127.0.0.1' };

/** A small stand-in of WP-CLI's class; `$answers` keeps what a command says. */
export const WP_CLI = `
  class WP_CLI {
    public static $commands = []; public static $said = [];
    static function add_command($name, $do, $args = []) { self::$commands[$name] = $do; }
    static function add_hook($name, $do) {}
    static function line($text = '') { self::$said[] = $text; }
    static function log($text) { self::$said[] = $text; }
    static function success($text) { self::$said[] = 'Success: ' . $text; }
    static function error($text) { self::$said[] = 'Error: ' . $text; }
    static function halt($code) { self::$said[] = 'halt ' . $code; }
  }
  Tourniquet\\Admin\\Commands::register(Tourniquet\\Plugin::get());
  function tourniquet_command($name, $named = []) { WP_CLI::$said = []; (WP_CLI::$commands['tourniquet ' . $name])([], $named); return implode("\\n", WP_CLI::$said); }
`;

export const ACTS: readonly UserAct[] = [
  {
    title: 'the page says what is so, to administrators only',
    on: ['single', 'network'],
    prepare: async (stage) => {
      await stage.as(administrator);
      await stage.as(manager);
    },
    act: async (stage) => {
      const page = (await (await stage.as(administrator)).get(pathOf(stage))).text;
      for (const heading of ['Connection', 'Spool', 'What is captured', 'Policy of the security team', 'Measures in force', 'Last commands', 'What plugins call', 'Personal data at rest', 'Settings']) must(page.includes(`<h2>${heading}</h2>`), `the page lacks ${heading}`);
      must(!page.includes('could not be shown'), 'a part of the page failed');
      const left = await stage.site.php("echo implode(',', array_diff(array_keys(Tourniquet\\Settings::DEFAULTS), array_keys(Tourniquet\\Admin\\SettingFields::all())));");
      must(left === '', `the form lacks ${left}`);
      must([...page.matchAll(/<(?:input|select|textarea)[^>]*id="(tourniquet_\w+)"/g)].every(([, id]) => page.includes(`for="${id ?? ''}"`)), 'a field has no label');
      const other = await (await stage.as(manager)).get(pathOf(stage));
      must(other.status === 403 || !other.text.includes('What is captured'), 'somebody else sees the page');
    },
    silent: [{ category: 'process', action: 'observer-failed' }],
  },
  {
    title: 'settings that fit are saved, and told by their names',
    on: ['single', 'network'],
    prepare: (stage) => stage.as(administrator),
    act: async (stage) => {
      const answer = await send(stage, await stage.as(administrator), { ...SETTINGS, tourniquet_region: 'DE\nFR', tourniquet_outbound_purposes: 'pay.example = payment' });
      must(answer.status === 302, `it answered ${answer.status}`);
      must((await stage.site.php("echo implode(',', Tourniquet\\Settings::load()->get('region'));")) === 'DE,FR', 'the region is not saved');
    },
    expect: [{ category: 'configuration', action: 'settings-changed', fields: { 'user.name': administrator.login, 'wordpress.data.fields': (v) => Array.isArray(v) && v.includes('region') } }],
    restore: ({ site }) => site.php("delete_site_option('tourniquet_settings');"),
  },
  {
    title: 'settings that do not fit are refused beside their fields',
    prepare: (stage) => stage.as(administrator),
    act: async (stage) => {
      const answer = await send(stage, await stage.as(administrator), { ...SETTINGS, tourniquet_region: 'Germany', tourniquet_spool_mebibytes: 'much', tourniquet_trusted_proxies: '<script>alert(1)</script>' });
      must(answer.status === 200 && answer.text.includes('id="tourniquet_region-problem"') && answer.text.includes('id="tourniquet_spool_mebibytes-problem"') && answer.text.includes('aria-invalid="true"'), 'what is wrong is not said');
      must(!answer.text.includes('<script>alert(1)'), 'what was typed runs');
      must((await stage.site.php("echo implode(',', Tourniquet\\Settings::load()->get('region'));")) !== 'Germany', 'it was saved');
    },
    silent: [{ category: 'configuration', action: 'settings-changed' }],
  },
  {
    title: 'a form without its nonce changes nothing',
    prepare: (stage) => stage.as(administrator),
    act: async (stage) => {
      const answer = await (await stage.as(administrator)).post(pathOf(stage), { ...SETTINGS, tourniquet_region: 'IT' });
      must(answer.status === 403, `it answered ${answer.status}`);
    },
    silent: [{ category: 'configuration', action: 'settings-changed' }],
  },
  {
    title: 'an enrolment line that cannot be used is refused, and stands nowhere',
    prepare: (stage) => stage.as(administrator),
    act: async (stage) => {
      const browser = await stage.as(administrator);
      must((await send(stage, browser, { tourniquet_do: 'enrol', tourniquet_line: 'nonsense' })).text.includes('no enrolment line'), 'nonsense is taken');
      const line = `tq1.elsewhere.${SECRET}.${Buffer.from('http://127.0.0.1:9').toString('base64url')}`;
      const answer = await send(stage, browser, { tourniquet_do: 'enrol', tourniquet_line: line });
      must(answer.text.includes('cannot be reached') && !answer.text.includes(SECRET), 'it does not say that the gateway cannot be reached');
      must(!(await stage.site.php('global $wpdb; echo implode("\\n", $wpdb->get_col("SELECT option_value FROM {$wpdb->options}"));')).includes(SECRET), 'the secret is in the database');
    },
    forbidden: [SECRET],
  },
  {
    title: 'the owner undoes a measure on the page, unless the policy says otherwise',
    on: ['single', 'network'],
    prepare: async (stage) => {
      await stage.as(administrator);
      await obeys(stage);
      stage.notes.set('measure', String(await order(stage, 'block-host', 'undo-me.example')));
    },
    act: async (stage) => {
      const browser = await stage.as(administrator);
      await order(stage, 'set-policy', '{"owner_undo":false}', { lasts_s: 0 });
      const form = { tourniquet_do: 'undo', tourniquet_counter: stage.notes.get('measure') ?? '' };
      must((await send(stage, browser, form)).text.includes('does not allow'), 'the owner undid it against the policy');
      await order(stage, 'set-policy', '{}', { lasts_s: 0 });
      must((await send(stage, browser, form)).status === 302, 'the owner could not undo it');
    },
    expect: [{ category: 'configuration', action: 'containment-undone', fields: { 'event.reason': 'owner', 'user.name': administrator.login, 'wordpress.containment.action': 'block-host', 'wordpress.target.name': 'undo-me.example' }, times: 1 }],
  },
  {
    title: 'a test event is written, and the page says whether it was acknowledged',
    prepare: async (stage) => {
      await stage.as(administrator);
      await obeys(stage);
    },
    act: async (stage) => {
      const answer = await send(stage, await stage.as(administrator), { tourniquet_do: 'test' });
      must(answer.status === 302 || answer.text.includes('has not acknowledged it yet'), 'the page says nothing of it');
    },
    expect: [{ category: 'process', action: 'test-event', fields: { 'user.name': administrator.login }, times: 1 }],
  },
  {
    title: 'Site Health asks each of our questions and gets an answer',
    on: ['single', 'network'],
    act: async ({ site }) => {
      const answers = JSON.parse(await site.php(`
        $tests = apply_filters('site_status_tests', ['direct' => [], 'async' => []]);
        echo wp_json_encode(array_map(fn($test) => ($test['test'])(), array_values(array_filter($tests['direct'], fn($name) => strpos($name, 'tourniquet_') === 0, ARRAY_FILTER_USE_KEY))));`)) as readonly { readonly status: string; readonly label: string; readonly description: string }[];
      must(answers.length === 7, `there are ${answers.length}`);
      for (const a of answers) must(['good', 'recommended', 'critical'].includes(a.status) && a.label !== '' && !a.label.includes('could not be tested'), `${a.label} has no answer`);
    },
    silent: [{ category: 'process', action: 'observer-failed' }],
  },
  {
    title: 'WP-CLI tells the status as JSON, sends a test event and records the baseline',
    on: ['single', 'network'],
    act: async ({ site }) => {
      const said = (await site.php(`${WP_CLI} echo tourniquet_command('status', ['format' => 'json']), "\\n", tourniquet_command('test', ['format' => 'json']), "\\n", tourniquet_command('baseline', ['format' => 'json']), "\\n", tourniquet_command('ship'), "\\n", tourniquet_command('status');`)).split('\n');
      const status = JSON.parse(said[0] ?? '') as Readonly<Record<string, unknown>>;
      must('enrolled' in status && 'chain_head' in status && 'measures' in status && 'containment' in status, 'the status lacks something');
      must(said.some((l) => l.startsWith('{"acknowledged":')) && said.some((l) => l.includes('"hash"') || l.includes('"done"')), 'a command said nothing');
    },
    expect: [{ category: 'process', action: 'test-event' }],
  },
  {
    title: 'the text for the privacy policy is offered',
    act: async ({ site }) => {
      must((await site.php('echo Tourniquet\\Admin\\PrivacyText::html();')).includes('wp-suggested-text'), 'there is none');
    },
  },
];
