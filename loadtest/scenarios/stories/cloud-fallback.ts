import type { Story } from '../story.ts';

export const cloudFallback: Story = {
  name: 'cloud-fallback', title: 'the local model fails and prompts go to the cloud',
  items: ['ai-paths.cloud-after-failure', 'ai-paths.cloud-call'], site: 'garten-werk',
  attack: (s) => s.every(s.at('15:00'), '90s', 12, (at) => [
    s.prompt(at, s.visitor(), 'local', {}, { outcome: 'failure' }),
    s.prompt(at + 4_000, s.visitor(), 'cloud'),
  ]),
  lookAlike: {
    title: 'the local model is restarted and answers again',
    events: (s) => [
      s.every(s.at('10:00'), '10s', 8, (at) => s.prompt(at, s.visitor(), 'local', {}, { outcome: 'failure' })),
      s.prompt(s.at('10:03'), s.visitor(), 'local', { 'ai.prompt': 'Are you there?' }),
    ],
  },
};
