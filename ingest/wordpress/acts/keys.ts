import { PEOPLE } from '../test-site/people.ts';
import { runRogueCode } from '../test-site/rogue-code.ts';
import type { Stage, UserAct } from '../test-site/user-act.ts';

const { administrator, editor, manager } = PEOPLE;
const UUID = /^[0-9a-f-]{36}$/;

async function passwordsOf(stage: Stage, whose: string): Promise<string> {
  return `/wp/v2/users/${await stage.site.userId({ login: whose })}/application-passwords`;
}

export const ACTS: readonly UserAct[] = [
  {
    title: 'an application password made in the profile is told with its number',
    prepare: (stage) => stage.as(administrator),
    act: async (stage) => (await stage.as(administrator)).rest('POST', await passwordsOf(stage, 'ada'), { body: { name: 'Lighthouse 12 sync' } }),
    expect: [{ category: 'iam', action: 'application-password-created', times: 1, fields: { 'user.name': 'ada', 'user.target.name': 'ada', 'wordpress.key.id': UUID, 'wordpress.request.kind': 'rest' }, persons: [{ type: 'user', kind: 'email', identifier: administrator.email }] }],
    forbidden: ['Lighthouse 12 sync'],
  },
  {
    title: 'an application password made for somebody else names both',
    prepare: (stage) => stage.as(administrator),
    act: async (stage) => (await stage.as(administrator)).rest('POST', await passwordsOf(stage, 'edgar'), { body: { name: 'sync' } }),
    expect: [{ category: 'iam', action: 'application-password-created', times: 1, fields: { 'user.name': 'ada', 'user.target.name': 'edgar' } }],
  },
  {
    title: 'an application password that rogue code writes by itself is told, and nobody made it',
    act: ({ site }) => runRogueCode(site, `update_user_meta(get_user_by('login', 'edgar')->ID, '_application_passwords', [['uuid' => wp_generate_uuid4(), 'app_id' => '', 'name' => 'x', 'password' => wp_hash_password('Rogue-Secret-5'), 'created' => time(), 'last_used' => null, 'last_ip' => null]]);`),
    expect: [{ category: 'iam', action: 'application-password-created', times: 1, fields: { 'user.target.name': 'edgar', 'wordpress.plugin.slug': 'mu:rogue', 'user.name': (v) => v === undefined } }],
    forbidden: ['Rogue-Secret-5'],
  },
  {
    title: 'the first use of an application password is told, the second is not',
    prepare: async (stage) => stage.notes.set('key', await stage.site.applicationPassword(manager)),
    act: async (stage) => {
      for (let i = 0; i < 2; i++) await stage.site.browser().rest('GET', '/wp/v2/users/me', { basic: stage.notes.get('key') ?? '' });
    },
    expect: [{ category: 'authentication', action: 'application-password-used', times: 1, fields: { 'user.name': 'mira', 'wordpress.key.id': UUID, 'wordpress.key.first': true } }],
    silent: [{ category: 'iam', action: '*' }],
  },
  {
    title: 'a wrong application password is a failed log-in',
    act: ({ site }) => site.browser().rest('GET', '/wp/v2/users/me', { basic: 'mira:abcd efgh ijkl mnop' }),
    expect: [{ category: 'authentication', action: 'login-failed', times: 1, fields: { 'user.name': 'mira', 'event.reason': 'wrong-password', 'wordpress.login.method': 'application-password' } }],
  },
  {
    title: 'an application password taken back is told',
    prepare: async (stage) => {
      await stage.as(administrator);
      await stage.site.applicationPassword(editor);
    },
    act: async (stage) => (await stage.as(administrator)).rest('DELETE', await passwordsOf(stage, 'edgar')),
    expect: [{ category: 'iam', action: 'application-password-deleted', fields: { 'user.name': 'ada', 'user.target.name': 'edgar', 'wordpress.key.id': UUID } }],
  },
  {
    title: 'a list of application passwords tells nothing of accounts',
    prepare: (stage) => stage.as(administrator),
    act: async (stage) => (await stage.as(administrator)).rest('GET', await passwordsOf(stage, 'ada')),
    silent: [{ category: 'iam', action: '*' }, { category: 'authentication', action: '*' }],
  },
];
