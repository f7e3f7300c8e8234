import { exported, listed, loggedIn, ordinaryWork } from '../breach-story.ts';
import type { BreachStory } from '../breach-story.ts';

export const stolenPassword: BreachStory = {
  name: 'stolen-password', title: 'a stolen password, a session that is refreshed twice, another address the next night', site: 'garten-werk',
  tell(s) {
    const first = { ...s.stolen('support', s.stranger()), agent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:102.0) Gecko/20100101 Firefox/102.0' };
    const refreshed = [1, 2].map(() => ({ ...first, session: s.word(24, 'abcdefghijklmnop') }));
    const nextNight = { ...first, ip: s.stranger(1).ip, session: s.word(24, 'abcdefghijklmnop') };
    const lists = s.every(s.at('1:10'), '4m', 10, (at, i) => listed(s, at, first, 400 + i * 20));
    const decoy = s.staff('support');
    return {
      breach: [
        loggedIn(s, s.at('1:02'), first), lists,
        refreshed.map((who, part) => s.every(s.at('2:00') + part * 2_700_000, '4m', 10, (at, i) => listed(s, at, who, 700 + part * 200 + i * 20))),
        loggedIn(s, s.at('1:00', 1), nextNight), exported(s, s.at('1:20', 1), 'data_export/orders-exported', nextNight, s.customers(640, 1_500)),
      ],
      decoys: [ordinaryWork(s, s.at('9:00'), decoy, 2_300), ordinaryWork(s, s.at('14:00'), { ...s.staff('support', 'home'), session: s.word(24, 'abcdefghijklmnop'), ip: '2001:db8:50:99::7' }, 2_400)],
      asks: [{ seed: { kind: 'session', value: first.session ?? '' } }, { seed: { kind: 'session', value: refreshed[1]?.session ?? '' } }, { seed: { kind: 'session', value: nextNight.session } }, { seed: { kind: 'alert', event: lists[4]! } }], // Ten lists were told.
    };
  },
};
