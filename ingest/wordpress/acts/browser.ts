import type { Answer } from '../test-site/browser.ts';
import { PEOPLE } from '../test-site/people.ts';
import type { Stage, UserAct } from '../test-site/user-act.ts';

/** A page with a booking form, two scripts of the site's own, and whatever scripts the option names. */
const BOOKING = `<?php
add_shortcode('booking', fn() => '<form><input name="name"></form>');
add_action('wp_enqueue_scripts', function () {
    foreach ((array) get_option('booking_scripts', []) as $i => $source) { wp_enqueue_script('booking-' . $i, $source, [], null, true); }
});
add_action('send_headers', function () { if (isset($_GET['csp'])) { header("Content-Security-Policy: default-src 'self'"); header('Reporting-Endpoints: own="https://reports.example/"'); } });
`;

async function watched(stage: Stage, scripts: readonly string[], settings = "['browser_reports' => true]"): Promise<void> {
  const { site } = stage;
  await site.php(`is_dir(WPMU_PLUGIN_DIR) || mkdir(WPMU_PLUGIN_DIR); file_put_contents(WPMU_PLUGIN_DIR . '/booking.php', base64_decode('${Buffer.from(BOOKING).toString('base64')}'));`
    + `update_site_option('tourniquet_settings', ${settings}); delete_option('tourniquet_scripts'); update_option('booking_scripts', ${JSON.stringify(scripts)});`
    + "foreach (['booking' => '[booking]', 'imprint' => 'We are here.'] as $name => $content) { get_page_by_path($name) || wp_insert_post(['post_type' => 'page', 'post_status' => 'publish', 'post_name' => $name, 'post_title' => $name, 'post_content' => $content]); }");
}

async function page({ site }: Stage, name: string): Promise<Answer> {
  const answer = await site.browser().get(`/?pagename=${name}`);
  if (answer.status !== 200) throw new Error(`the page answers ${answer.status}`);
  return answer;
}

async function seenOnce(stage: Stage, scripts: readonly string[], settings?: string): Promise<void> {
  await watched(stage, scripts, settings);
  await page(stage, 'booking');
}

const OWN = '/wp-includes/js/hoverIntent.min.js';
const CHANGED = { category: 'file', action: 'checkout-script-changed' } as const;

/** Of a gateway, where the site has none. */
async function enrolled({ site, notes }: Stage): Promise<void> {
  const had = await site.php("echo Tourniquet\\Plugin::get()->spool()->identity()->site() === '' ? 'none' : 'one';");
  notes.set('gateway', String(had));
  if (String(had).includes('none')) await site.php("Tourniquet\\Plugin::get()->spool()->identity()->save(['site' => 'shop', 'gateway_url' => 'https://gateway.example', 'receipt_key' => 'made-up']);");
}

async function leftAsItWas(stage: Stage): Promise<void> {
  if (stage.notes.get('gateway')?.includes('none') === true) await stage.site.php("Tourniquet\\Plugin::get()->spool()->identity()->save(['site' => null, 'gateway_url' => null, 'receipt_key' => null]);");
  await watched(stage, [], '[]');
}

export const ACTS: readonly UserAct[] = [
  {
    title: 'a script of a new host on a booking page is told',
    on: ['single', 'network'],
    prepare: async (stage) => {
      await seenOnce(stage, [OWN]);
      await stage.site.php(`update_option('booking_scripts', ['${OWN}', 'https://cdn-tags.example/t.js?v=${PEOPLE.customer.email}']);`);
    },
    act: (stage) => page(stage, 'booking'),
    expect: [{ ...CHANGED, times: 1, fields: { 'wordpress.script.host': 'cdn-tags.example', 'wordpress.script.path': '/t.js', 'wordpress.script.known': false } }],
  },
  {
    title: 'a new script of the site\'s own is told as known',
    prepare: async (stage) => {
      await seenOnce(stage, [OWN]);
      await stage.site.php(`update_option('booking_scripts', ['${OWN}', '/wp-includes/js/wp-util.min.js']);`);
    },
    act: (stage) => page(stage, 'booking'),
    expect: [{ ...CHANGED, times: 1, fields: { 'wordpress.script.known': true } }],
  },
  {
    title: 'the first look at scripts tells nothing',
    prepare: (stage) => watched(stage, [OWN, 'https://cdn.example/a.js']),
    act: (stage) => page(stage, 'booking'),
    silent: [CHANGED],
  },
  {
    title: 'the same scripts again tell nothing',
    prepare: (stage) => seenOnce(stage, [OWN, 'https://cdn.example/a.js']),
    act: (stage) => page(stage, 'booking'),
    silent: [CHANGED],
  },
  {
    title: 'a page without a form is not watched',
    prepare: async (stage) => {
      await seenOnce(stage, [OWN]);
      await stage.site.php("update_option('booking_scripts', ['https://cdn-tags.example/t.js']);");
    },
    act: async (stage) => {
      const { headers } = await page(stage, 'imprint');
      if (headers.has('content-security-policy-report-only')) throw new Error('it has a policy');
    },
    silent: [CHANGED],
  },
  {
    title: 'a site\'s own policy stays beside ours',
    prepare: (stage) => seenOnce(stage, [OWN]),
    act: async ({ site }) => {
      const { headers } = await site.browser().get('/?pagename=booking&csp=1');
      if (headers.get('content-security-policy') !== "default-src 'self'" || headers.get('reporting-endpoints')?.includes('own="https://reports.example/"') !== true) throw new Error('the own policy is gone');
    },
    silent: [CHANGED],
    restore: (stage) => watched(stage, [], '[]'),
  },
  {
    title: 'a watched page has a policy that only reports, and the script that looks for others',
    prepare: async (stage) => {
      await seenOnce(stage, [OWN, 'https://cdn.example/a.js']);
      await enrolled(stage);
    },
    act: async (stage) => {
      const { headers, text } = await page(stage, 'booking');
      const policy = headers.get('content-security-policy-report-only') ?? '';
      if (!/^script-src 'self' 'unsafe-inline' 'unsafe-eval' \S.* cdn\.example;.* report-uri \S+\/v1\/reports\/\S+; report-to tourniquet$/.test(policy)) throw new Error(`the policy is ${policy}`);
      if (headers.get('reporting-endpoints')?.startsWith('tourniquet="') !== true) throw new Error('there is no endpoint');
      if (!/<script defer data-report="[^"]+\/v1\/reports\/[^"]+" data-known="[^"]*cdn\.example[^"]*" integrity="sha384-[^"]{64}" crossorigin="anonymous" [^>]*watch\.js/.test(text)) throw new Error('the script is missing');
    },
    silent: [CHANGED],
    restore: leftAsItWas,
  },
  {
    title: 'without the setting nothing is watched',
    prepare: async (stage) => {
      await seenOnce(stage, [OWN], '[]');
      await stage.site.php("update_option('booking_scripts', ['https://cdn-tags.example/t.js']);");
    },
    act: (stage) => page(stage, 'booking'),
    silent: [CHANGED],
  },
];
