import { SSN } from '../planted-data.ts';
import type { Story } from '../story.ts';

export const patientsInPrompts: Story = {
  name: 'patients-in-prompts', title: 'reception pastes patients into a cloud assistant',
  items: ['ai-paths.personal-prompt', 'ai-paths.cloud-call', 'misplaced-data.ai-prompt'], site: 'praxis-nord',
  attack: (s) => s.every(s.at('10:00'), '25m', 8, (at, i) => {
    const { first, last, email } = s.customer(i + 1);
    return s.prompt(at, s.staff('support'), 'cloud', { 'ai.prompt': `Write to ${first} ${last} (${email}, SSN ${SSN}): diagnosed with type 2 diabetes, takes metformin 500 mg twice daily.` }, { reads: [s.customer(i + 1)] });
  }),
  lookAlike: {
    title: 'the local assistant words a letter with placeholders',
    events: (s) =>
      s.every(s.at('10:10'), '30m', 6, (at) => s.prompt(at, s.staff('support'), 'local', { 'ai.prompt': 'Write to [NAME] that the opening hours change on [DATE]; the flu vaccine is available again.' })),
  },
};
