import { listed, loggedIn, ordinaryWork } from '../breach-story.ts';
import type { BreachStory } from '../breach-story.ts';

export const rogueAdministrator: BreachStory = {
  name: 'rogue-administrator', title: 'a stolen log-in makes an administrator, who reads lists from elsewhere the next day', site: 'praxis-nord',
  tell(s) {
    const thief = s.stolen('owner', s.stranger());
    const rogue = { ...s.stranger(1, 'curl/8.5.0'), user: 'wp-support', roles: ['administrator'], session: s.word(24, 'abcdefghijklmnop') };
    const made = s.act(s.at('3:11'), 'iam/administrator-created', thief, { 'wordpress.role.new': 'administrator', 'user.target.name': 'wp-support' });
    const employee = { ...s.staff('support'), user: 'tilda', session: s.word(24, 'abcdefghijklmnop') };
    return {
      breach: [
        loggedIn(s, s.at('3:01'), thief), s.every(s.at('3:04'), '1m', 3, (at, i) => listed(s, at, thief, 1 + i * 20)), made,
        loggedIn(s, s.at('2:30', 1), rogue), s.every(s.at('2:40', 1), '5m', 30, (at, i) => listed(s, at, rogue, 500 + i * 20)),
      ],
      decoys: [
        ordinaryWork(s, s.at('8:40'), s.staff('owner'), 2_000), s.act(s.at('10:00'), 'iam/user-created', s.staff('owner'), { 'wordpress.role.new': 'editor', 'user.target.name': 'tilda' }),
        loggedIn(s, s.at('11:00'), employee), ordinaryWork(s, s.at('11:10'), employee, 2_200),
      ],
      asks: [{ seed: { kind: 'session', value: thief.session ?? '' } }, { seed: { kind: 'alert', event: made } }, { seed: { kind: 'address', value: thief.ip } }],
    };
  },
};
