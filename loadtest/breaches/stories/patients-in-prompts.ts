import { ordinaryWork } from '../breach-story.ts';
import type { BreachStory } from '../breach-story.ts';

export const patientsInPrompts: BreachStory = {
  name: 'patients-in-prompts', title: 'an assistant sends patients to a cloud, whoever works at reception', site: 'praxis-nord',
  tell(s) {
    const prompts = s.every(s.at('8:30'), '17m', 24, (at, i) => s.act(at, 'ai/prompt-sent', s.staff(i % 2 === 0 ? 'support' : 'owner'), {
      'wordpress.plugin.slug': 'letter-helper', 'destination.domain': 'api.cloud-ai.example', 'wordpress.ai.location': 'cloud', 'wordpress.outbound.region': 'outside', 'wordpress.data.classes': ['phi.diagnosis'], 'wordpress.request.subjects': 1,
    }, { reads: [s.customer(100 + i)] }));
    return {
      breach: prompts,
      decoys: [ordinaryWork(s, s.at('8:40'), s.staff('support'), 2_000, 20), ordinaryWork(s, s.at('9:10'), s.staff('owner'), 2_100, 10)],
      asks: [{ seed: { kind: 'plugin', value: 'letter-helper' } }, { seed: { kind: 'alert', event: prompts[2]! } }], // 24 prompts were told.
    };
  },
};
