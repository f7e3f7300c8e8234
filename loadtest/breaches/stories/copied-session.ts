import { exported, listed, ordinaryWork } from '../breach-story.ts';
import type { BreachStory } from '../breach-story.ts';

export const copiedSession: BreachStory = {
  name: 'copied-session', title: 'the cookie of an owner at work is copied, lists are read and customers exported', site: 'payfox',
  tell(s) {
    const owner = s.staff('owner');
    const thief = { ...owner, ip: s.stranger().ip, agent: 'Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/140.0.0.0' };
    const export_ = exported(s, s.at('12:20'), 'data_export/customers-exported', { ...thief, ip: s.stranger(1).ip }, s.customers(1_200, 300));
    return {
      breach: [s.every(s.at('11:04'), '3m', 12, (at, i) => listed(s, at, thief, 1 + i * 20)), export_],
      decoys: [ordinaryWork(s, s.at('8:30', -1), { ...owner, session: s.word(24, 'abcdefghijklmnop') }, 2_000), ordinaryWork(s, s.at('9:00'), owner, 2_100, 24)],
      asks: [{ seed: { kind: 'session', value: owner.session ?? '' } }, { seed: { kind: 'address', value: thief.ip } }, { seed: { kind: 'alert', event: export_[0]! } }], // A told export has an event.
    };
  },
};
