import { GUEST, PEOPLE } from '../test-site/people.ts';
import type { OutsideCall } from '../test-site/fake-internet.ts';
import type { Stage, UserAct } from '../test-site/user-act.ts';

const ABSENT = (value: unknown): boolean => value === undefined;
const CLOUD = 'https://api.openai.com/v1/chat/completions';
const HOME = 'http://llm.local/v1';

/** What somebody asks: two persons, a record number and a condition. */
const QUESTION = `Summarise for the referral: the patient with MRN 00871234 was diagnosed with type 2 diabetes. Write to ${GUEST.email}, copy to ${PEOPLE.fourth.email}, or call ${GUEST.phone}.`;

function chat(content: string, more: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ model: 'made-up-1', messages: [{ role: 'user', content }], ...more });
}

/** Answers with what it was asked. */
function echo({ body }: OutsideCall): { readonly body: string } {
  // The acts below send nothing else.
  const { messages } = JSON.parse(body) as { readonly messages: readonly { readonly content: string }[] };
  return { body: JSON.stringify({ id: 'c1', choices: [{ index: 0, message: { role: 'assistant', content: `You said: ${messages.at(-1)?.content ?? ''}` } }] }) };
}

/** The same in pieces of four signs. */
function echoInPieces(call: OutsideCall): { readonly headers: Record<string, string>; readonly body: string } {
  const { choices } = JSON.parse(echo(call).body) as { readonly choices: readonly { readonly message: { readonly content: string } }[] };
  const pieces = (choices[0]?.message.content ?? '').match(/.{1,4}/gsu) ?? [];
  return { headers: { 'content-type': 'text/event-stream' }, body: `${pieces.map((content) => `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}`).join('\n\n')}\n\ndata: [DONE]\n\n` };
}

interface Asked {
  readonly status?: number;
  readonly body?: string;
  readonly error?: string;
}

async function prepared({ site, internet }: Stage, settings = '[]', rogue = ''): Promise<void> {
  await site.php(`require_once ABSPATH . 'wp-admin/includes/plugin.php'; activate_plugin('assistant/assistant.php'); update_site_option('tourniquet_settings', ${settings}); is_dir(WPMU_PLUGIN_DIR) || mkdir(WPMU_PLUGIN_DIR); file_put_contents(WPMU_PLUGIN_DIR . '/rogue-ai.php', base64_decode('${Buffer.from(`<?php ${rogue}`).toString('base64')}'));`);
  internet.calls.length = 0;
  internet.plays('api.openai.com', echo);
  internet.plays('llm.local', echo);
}

async function ask({ site }: Stage, url: string, body: string): Promise<Asked> {
  const answer = await site.browser().ajax('assistant_ask', { url, body });
  // The stand-in answers so.
  return JSON.parse(answer.text) as Asked;
}

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

/** Nothing of the question may have reached a host. */
function mustNotLeave({ internet }: Stage, hosts: readonly string[]): void {
  for (const host of hosts) must(internet.callsTo(host).length === 0, `${host} was called`);
}

const RAW = [GUEST.email, PEOPLE.fourth.email, '00871234', 'type 2 diabetes', GUEST.phone];

async function askAnonymised(stage: Stage): Promise<void> {
  const answer = await ask(stage, CLOUD, chat(QUESTION));
  const sent = stage.internet.callsTo('api.openai.com')[0]?.body ?? '';
  must(sent.includes('Summarise for the referral'), `the question did not arrive: ${sent} ${JSON.stringify(answer)}`);
  for (const raw of RAW) must(!sent.includes(raw), `${raw} left the site`);
  must(JSON.stringify(answer.body).includes(JSON.stringify(JSON.stringify(`You said: ${QUESTION}`).slice(1, -1)).slice(1, -1)), `the answer is not whole: ${answer.body}`);
}

const ANONYMISE = "['ai_policy' => 'anonymise']";
const LOCAL = `['ai_policy' => 'local-only', 'ai_local_endpoint' => '${HOME}', 'ai_local_model' => 'small-1']`;
const LOCAL_WITHOUT = "['ai_policy' => 'local-only']";
const DENIED = { 'event.outcome': 'failure', 'event.type': 'denied' };
const PATIENT = [{ type: 'contact', kind: 'email', identifier: GUEST.email }, { type: 'contact', kind: 'email', identifier: PEOPLE.fourth.email }] as const;

function revert(title: string, before: string, change: string, after: string, expect: UserAct['expect']): UserAct {
  return {
    title,
    prepare: async (stage) => {
      await prepared(stage, "['ai_revert_settings' => false]");
      await stage.site.php(`${before} update_site_option('tourniquet_settings', ['ai_revert_settings' => true]);`);
    },
    act: async ({ site }) => {
      await site.php(change);
      const value = await site.php(`echo wp_json_encode(${after});`);
      must(String(value).includes('"kept"'), `it was changed: ${String(value)}`);
    },
    expect: expect ?? [],
    restore: (stage) => prepared(stage),
  };
}

export const ACTS: readonly UserAct[] = [
  {
    title: 'a question to a cloud is told with classes, lengths and persons, and its answer too',
    on: ['single', 'network'],
    forbidden: ['00871234', 'type 2 diabetes'],
    prepare: (stage) => prepared(stage),
    act: (stage) => ask(stage, CLOUD, chat(QUESTION)),
    expect: [
      { category: 'ai', action: 'prompt-sent', times: 1, persons: PATIENT, personCount: 2, fields: { 'destination.domain': 'api.openai.com', 'wordpress.plugin.slug': 'assistant', 'wordpress.ai.model': 'made-up-1', 'wordpress.ai.location': 'cloud', 'wordpress.ai.mode': 'allow', 'wordpress.ai.policy': ABSENT, 'wordpress.data.classes': ['phi.diagnosis', 'phi.mrn', 'pii.email', 'pii.phone'], 'wordpress.ai.prompt_bytes': (v) => Number(v) > 100, 'ai.prompt': ABSENT } },
      { category: 'ai', action: 'completion-received', times: 1, persons: PATIENT, fields: { 'wordpress.ai.foreign_subjects': ABSENT, 'http.response.status_code': 200 } },
    ],
    silent: [{ category: 'outbound', action: '*' }],
  },
  {
    title: 'persons in an answer who were not asked about are counted',
    prepare: async (stage) => {
      await prepared(stage);
      stage.internet.plays('api.openai.com', () => ({ body: JSON.stringify({ choices: [{ message: { content: `Ask ${PEOPLE.third.email} or ${GUEST.email}` } }] }) }));
    },
    act: (stage) => ask(stage, CLOUD, chat(`Who knows ${GUEST.email}?`)),
    expect: [{ category: 'ai', action: 'completion-received', fields: { 'wordpress.ai.foreign_subjects': 1, 'wordpress.response.subjects': 2 } }],
  },
  {
    title: 'a service without a name of its own is known by the shape of the call',
    prepare: (stage) => prepared(stage, "['ai_policy' => 'block']"),
    act: async (stage) => {
      const answer = await ask(stage, 'https://inference.corp.example/v1/messages', chat('hello'));
      must(answer.error === 'tourniquet_ai_refused', JSON.stringify(answer));
      mustNotLeave(stage, ['inference.corp.example']);
    },
    expect: [{ category: 'ai', action: 'prompt-sent', fields: { ...DENIED, 'event.reason': 'blocked', 'wordpress.ai.policy': 'local', 'wordpress.ai.mode': 'block' } }],
  },
  {
    title: 'block lets nothing leave',
    on: ['single', 'network'],
    prepare: (stage) => prepared(stage, "['ai_policy' => 'block']"),
    act: async (stage) => {
      must((await ask(stage, CLOUD, chat(QUESTION))).error === 'tourniquet_ai_refused', 'it was answered');
      mustNotLeave(stage, ['api.openai.com']);
    },
    expect: [{ category: 'ai', action: 'prompt-sent', fields: { ...DENIED, 'event.reason': 'blocked' } }],
    silent: [{ category: 'ai', action: 'completion-received' }],
  },
  {
    title: 'a policy that is a slip of the pen blocks',
    prepare: (stage) => prepared(stage, "['ai_policy' => 'lokal-only']"),
    act: async (stage) => {
      await ask(stage, CLOUD, chat('hello'));
      mustNotLeave(stage, ['api.openai.com']);
    },
    expect: [{ category: 'ai', action: 'prompt-sent', fields: { ...DENIED, 'wordpress.ai.mode': 'block' } }],
  },
  {
    title: 'anonymise replaces persons before they leave, and puts them back into the answer',
    on: ['single', 'network'],
    forbidden: ['00871234', 'type 2 diabetes'],
    prepare: (stage) => prepared(stage, ANONYMISE),
    act: askAnonymised,
    expect: [
      { category: 'ai', action: 'prompt-sent', times: 1, persons: PATIENT, fields: { 'wordpress.ai.mode': 'anonymise', 'wordpress.ai.policy': 'cloud', 'wordpress.data.classes': ABSENT, 'wordpress.ai.replaced_classes': ['phi.diagnosis', 'phi.mrn', 'pii.email', 'pii.phone'] } },
      { category: 'ai', action: 'completion-received', times: 1, fields: { 'wordpress.response.subjects': ABSENT } },
    ],
  },
  {
    title: 'anonymise puts values back into a streamed answer',
    prepare: async (stage) => {
      await prepared(stage, ANONYMISE);
      stage.internet.plays('api.openai.com', echoInPieces);
    },
    act: async (stage) => {
      const { body = '' } = await ask(stage, CLOUD, chat(`Write to ${GUEST.email}.`, { stream: true }));
      const text = [...body.matchAll(/"content":"([^"]*)"/g)].map(([, piece = '']) => piece).join('');
      must(text === `You said: Write to ${GUEST.email}.`, text);
      must(!(stage.internet.callsTo('api.openai.com')[0]?.body ?? GUEST.email).includes(GUEST.email), 'the address left');
    },
    expect: [{ category: 'ai', action: 'completion-received' }],
  },
  {
    title: 'anonymise refuses a picture',
    prepare: (stage) => prepared(stage, ANONYMISE),
    act: async (stage) => {
      const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } }] }] });
      must((await ask(stage, CLOUD, body)).error === 'tourniquet_ai_refused', 'it was answered');
      mustNotLeave(stage, ['api.openai.com']);
    },
    expect: [{ category: 'ai', action: 'prompt-sent', fields: { ...DENIED, 'event.reason': 'binary-content' } }],
  },
  {
    title: 'local only sends a cloud\'s question to the model of the house, without the cloud\'s key',
    on: ['single', 'network'],
    prepare: (stage) => prepared(stage, LOCAL),
    act: async (stage) => {
      const answer = await ask(stage, CLOUD, chat(QUESTION));
      must(answer.status === 200 && (answer.body ?? '').includes('You said'), JSON.stringify(answer));
      const [call] = stage.internet.callsTo('llm.local');
      must(call?.path === '/v1/chat/completions' && call.body.includes('"small-1"') && call.headers['authorization'] === undefined, `the model of the house was asked so: ${JSON.stringify(call)}`);
      mustNotLeave(stage, ['api.openai.com']);
    },
    expect: [
      { category: 'ai', action: 'prompt-sent', times: 1, persons: PATIENT, fields: { 'destination.domain': 'llm.local', 'wordpress.ai.location': 'local', 'wordpress.ai.policy': 'local', 'wordpress.ai.meant_for': 'api.openai.com' } },
      { category: 'ai', action: 'completion-received', times: 1, fields: { 'wordpress.ai.location': 'local' } },
    ],
  },
  {
    title: 'local only without a model of the house refuses',
    prepare: (stage) => prepared(stage, LOCAL_WITHOUT),
    act: async (stage) => {
      must((await ask(stage, CLOUD, chat('hello'))).error === 'tourniquet_ai_refused', 'it was answered');
      mustNotLeave(stage, ['api.openai.com']);
    },
    expect: [{ category: 'ai', action: 'prompt-sent', fields: { ...DENIED, 'event.reason': 'no-local-model' } }],
  },
  {
    title: 'local only does not fall back on the cloud when the model of the house fails',
    prepare: async (stage) => {
      await prepared(stage, LOCAL);
      stage.internet.plays('llm.local', () => ({ status: 503, body: '{"error":"loading"}' }));
    },
    act: async (stage) => {
      must((await ask(stage, CLOUD, chat('hello'))).status === 503, 'it was answered');
      mustNotLeave(stage, ['api.openai.com']);
    },
    expect: [{ category: 'ai', action: 'completion-received', fields: { 'event.outcome': 'failure', 'http.response.status_code': 503 } }],
  },
  {
    title: 'local only does not follow a model of the house to a cloud',
    prepare: async (stage) => {
      await prepared(stage, LOCAL);
      stage.internet.plays('llm.local', () => ({ status: 307, headers: { location: CLOUD } }));
    },
    act: async (stage) => {
      await ask(stage, CLOUD, chat('hello'));
      await ask(stage, `${HOME}/chat/completions`, chat('hello'));
      mustNotLeave(stage, ['api.openai.com']);
    },
    expect: [{ category: 'ai', action: 'prompt-sent', times: 2, fields: { 'destination.domain': 'llm.local' } }],
  },
  {
    title: 'a host that sends a call on to a cloud does not get it there',
    prepare: async (stage) => {
      await prepared(stage, LOCAL_WITHOUT);
      stage.internet.plays('short.example', () => ({ status: 307, headers: { location: CLOUD } }));
    },
    act: async (stage) => {
      must((await ask(stage, 'https://short.example/go', chat('hello'))).error !== undefined, 'it was answered');
      mustNotLeave(stage, ['api.openai.com']);
    },
    expect: [{ category: 'ai', action: 'prompt-sent', fields: { ...DENIED, 'event.reason': 'redirected', 'destination.domain': 'api.openai.com' } }],
  },
  {
    title: 'a filter that comes last does not open what the policy closed',
    prepare: (stage) => prepared(stage, LOCAL_WITHOUT, "add_action('init', function () { add_filter('pre_http_request', '__return_false', PHP_INT_MAX); add_filter('http_request_args', fn($a) => ['redirection' => 5] + $a, PHP_INT_MAX); }, PHP_INT_MAX);"),
    act: async (stage) => {
      must((await ask(stage, CLOUD, chat('hello'))).error !== undefined, 'it was answered');
      mustNotLeave(stage, ['api.openai.com']);
    },
    expect: [{ category: 'ai', action: 'prompt-sent', fields: { ...DENIED, 'event.reason': 'went-around' } }],
    restore: (stage) => prepared(stage),
  },
  {
    title: 'nor does one that changes the address right before the call',
    prepare: (stage) => prepared(stage, LOCAL_WITHOUT, "add_action('requests-requests.before_request', function (&$url) { if (strpos($url, 'harmless.example') !== false) { $url = 'https://api.openai.com/v1/files'; } });"),
    act: async (stage) => {
      must((await ask(stage, 'https://harmless.example/v1/files', chat('hello'))).error !== undefined, 'it was answered');
      mustNotLeave(stage, ['api.openai.com']);
    },
    expect: [{ category: 'ai', action: 'prompt-sent', fields: { ...DENIED, 'event.reason': 'went-around' } }],
    restore: (stage) => prepared(stage),
  },
  {
    title: 'nor does one that takes all filters away',
    prepare: (stage) => prepared(stage, ANONYMISE, "add_action('init', function () { remove_all_filters('pre_http_request'); }, PHP_INT_MAX);"),
    act: async (stage) => {
      must((await ask(stage, CLOUD, chat('hello'))).error !== undefined, 'it was answered');
      mustNotLeave(stage, ['api.openai.com']);
    },
    expect: [{ category: 'ai', action: 'prompt-sent', fields: { ...DENIED, 'event.reason': 'went-around' } }],
    restore: (stage) => prepared(stage),
  },
  {
    title: 'a question to a model of the house is told as local, whatever the policy',
    prepare: (stage) => prepared(stage, "['ai_policy' => 'block']"),
    act: async (stage) => must((await ask(stage, 'http://llm.local/api/chat', chat('hello'))).status === 200, 'it was refused'),
    expect: [{ category: 'ai', action: 'prompt-sent', fields: { 'event.outcome': 'success', 'wordpress.ai.location': 'local' } }],
  },
  {
    title: 'a call that only looks like one of a model is not told as one',
    prepare: (stage) => prepared(stage, "['ai_policy' => 'block']"),
    act: async (stage) => must((await ask(stage, 'https://survey.example/responses', '{"answers":[1,2]}')).status === 200, 'it was refused'),
    expect: [{ category: 'outbound', action: 'http-request', fields: { 'destination.domain': 'survey.example' } }],
    silent: [{ category: 'ai', action: '*' }],
  },
  {
    title: 'a fall-back on a cloud that is switched on is told',
    prepare: async (stage) => {
      await prepared(stage);
      await stage.site.php("update_option('assistant_cloud_fallback', 'no');");
    },
    act: ({ site }) => site.php("update_option('assistant_cloud_fallback', 'yes');"),
    expect: [{ category: 'configuration', action: 'option-updated', times: 1, fields: { 'wordpress.option.name': 'assistant_cloud_fallback', 'wordpress.option.group': 'ai', 'wordpress.option.new': 'yes', 'wordpress.ai.cloud_opened': true } }],
  },
  {
    title: 'a changed key of an AI service is told without its value',
    forbidden: ['sk-made-up-harbour-1', 'sk-made-up-harbour-2'],
    prepare: async (stage) => {
      await prepared(stage);
      await stage.site.php("update_option('mwai_options', ['openai_apikey' => 'sk-made-up-harbour-1', 'tone' => 'kind']);");
    },
    act: ({ site }) => site.php("update_option('mwai_options', ['openai_apikey' => 'sk-made-up-harbour-2', 'tone' => 'kind']);"),
    expect: [{ category: 'configuration', action: 'option-updated', times: 1, fields: { 'wordpress.option.name': 'mwai_options', 'wordpress.option.parts': ['openai_apikey'], 'wordpress.option.new': ABSENT } }],
  },
  revert('a fall-back that is switched on again is set back', "update_option('assistant_cloud_fallback', 'kept');", "update_option('assistant_cloud_fallback', 'yes');", "get_option('assistant_cloud_fallback')",
    [{ category: 'configuration', action: 'option-updated', times: 1, fields: { 'wordpress.option.name': 'assistant_cloud_fallback', 'wordpress.option.reverted': true, 'wordpress.ai.cloud_opened': true } }]),
  revert('an AI setting that is deleted is set back', "update_option('ollama_host', 'kept');", "delete_option('ollama_host');", "get_option('ollama_host')",
    [{ category: 'configuration', action: 'option-deleted', times: 1, fields: { 'wordpress.option.name': 'ollama_host', 'wordpress.option.reverted': true } }]),
  {
    title: 'a changed AI policy is told with what it was',
    on: ['single', 'network'],
    prepare: (stage) => prepared(stage, LOCAL_WITHOUT),
    act: ({ site }) => site.php("update_site_option('tourniquet_settings', ['ai_policy' => 'allow']);"),
    expect: [{ category: 'configuration', action: 'option-updated', fields: { 'wordpress.option.name': 'tourniquet_ai_policy', 'wordpress.option.old': 'local-only', 'wordpress.option.new': 'allow' } }],
    restore: (stage) => prepared(stage),
  },
  {
    title: 'an option that has nothing to do with models is not told as one',
    prepare: (stage) => prepared(stage),
    act: ({ site }) => site.php("update_option('gallery_columns', '4'); update_option('tourniquet_test', '1'); set_transient('openai_models', ['a'], 60);"),
    silent: [{ category: 'configuration', action: 'option-updated' }],
  },
];
