import { exported, loggedIn, ordinaryWork } from '../breach-story.ts';
import type { BreachStory } from '../breach-story.ts';

export const dormantAccount: BreachStory = {
  name: 'dormant-account', title: 'a stolen log-in sets the password of an account nobody uses, and touches that of one in use', site: 'payfox',
  tell(s) {
    const thief = s.stolen('developer', s.stranger());
    const sleeper = { ...s.stranger(1), user: 'old-agency', roles: ['administrator'], session: s.word(24, 'abcdefghijklmnop') };
    const reset = s.act(s.at('2:12'), 'iam/password-changed', thief, { 'user.target.name': 'old-agency' });
    const owner = s.staff('owner');
    return {
      breach: [
        loggedIn(s, s.at('2:08'), thief), reset, s.act(s.at('2:13'), 'iam/email-changed', thief, { 'user.target.name': owner.user }),
        loggedIn(s, s.at('23:10'), sleeper), exported(s, s.at('23:20'), 'data_export/customers-exported', sleeper, s.customers(900, 100)),
      ],
      decoys: [ordinaryWork(s, s.at('9:00', -1), { ...owner, session: s.word(24, 'abcdefghijklmnop') }, 2_000), ordinaryWork(s, s.at('9:00'), owner, 2_100)],
      asks: [{ seed: { kind: 'session', value: thief.session ?? '' } }, { seed: { kind: 'alert', event: reset } }],
    };
  },
};
