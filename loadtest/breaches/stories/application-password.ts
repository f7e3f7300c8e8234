import { loggedIn, ordinaryWork } from '../breach-story.ts';
import type { BreachStory } from '../breach-story.ts';
import { TOOLS } from '../../scenarios/scene.ts';

export const applicationPassword: BreachStory = {
  name: 'application-password', title: 'a stolen log-in makes an application password, which pages through the orders from elsewhere', site: 'klinik-see',
  tell(s) {
    const thief = s.stolen('developer', s.stranger());
    const account = { user: thief.user ?? '', roles: thief.roles ?? [] };
    const key = s.word(12, '0123456789abcdef');
    const robot = { ...s.stranger(1, TOOLS.script), ...account };
    const made = s.act(s.at('11:44'), 'iam/application-password-created', thief, { 'wordpress.target.kind': 'key', 'wordpress.target.name': key, 'user.target.name': thief.user });
    const page = (at: number, i: number) => s.act(at, 'data_access/rest-read', robot, { 'wordpress.key.id': key, 'wordpress.request.kind': 'rest', 'url.path': '/wp-json/wc/v3/orders' }, { reads: s.customers(100, 1 + i * 100) });
    const own = { ...s.staff('developer'), session: s.word(24, 'abcdefghijklmnop') };
    const deployKey = { 'wordpress.key.id': 'deploy', 'wordpress.request.kind': 'rest' };
    return {
      breach: [loggedIn(s, s.at('11:40'), thief), made, s.every(s.at('1:00', 1), '9m', 12, page), s.every(s.at('23:00', 1), '9m', 8, (at, i) => page(at, 12 + i))],
      decoys: [
        s.every(s.at('6:00', -1), '5h', 12, (at, i) => s.act(at, 'data_access/rest-read', { ip: own.ip, agent: 'Deployer/1.2', ...account }, deployKey, { reads: [s.customer(2_500 + i)] })),
        ordinaryWork(s, s.at('10:00'), own, 2_600),
      ],
      asks: [{ seed: { kind: 'session', value: thief.session ?? '' } }, { seed: { kind: 'key', value: key } }, { seed: { kind: 'alert', event: made } }],
    };
  },
};
