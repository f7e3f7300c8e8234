import { exported, loggedIn, ordinaryWork } from '../breach-story.ts';
import type { BreachStory } from '../breach-story.ts';

export const slowDrip: BreachStory = {
  name: 'slow-drip', title: 'somebody of the office takes a little every hour; a colleague sits beside', site: 'garten-werk',
  tell(s) {
    const insider = s.staff('support');
    const colleague = { ...insider, user: 'lea', session: s.word(24, 'abcdefghijklmnop') };
    const drips = [0, 1].flatMap((day) => {
      const who = { ...insider, session: s.word(24, 'abcdefghijklmnop') };
      return [loggedIn(s, s.at('8:25', day), who), ...s.every(s.at('8:30', day), '41m', 11, (at, i) => exported(s, at, 'data_export/orders-exported', who, s.customers(60, 1 + (day * 11 + i) * 60)))];
    });
    return {
      breach: drips,
      decoys: [ordinaryWork(s, s.at('8:45'), colleague, 2_000, 20), exported(s, s.at('11:00'), 'data_export/orders-exported', colleague, s.customers(40, 2_300))],
      asks: [{ seed: { kind: 'actor', value: insider.user ?? '' }, alsoOf: insider.user ?? '' }],
    };
  },
};
