import type { Story } from '../story.ts';

export const turnedAiSetting: Story = {
  name: 'turned-ai-setting', title: 'the cloud fallback and a foreign key set in the AI plugin',
  items: ['ai-paths.settings', 'integrity.cloud-fallback'], site: 'stahl-form',
  attack(s) {
    const thief = s.stolen('developer', s.stranger());
    return [
      s.act(s.at('6:00'), 'configuration/option-updated', thief, { 'wordpress.option.name': 'ai_writer_openai_api_key', 'wordpress.option.group': 'ai' }),
      s.act(s.at('6:02'), 'configuration/option-updated', thief, { 'wordpress.option.name': 'ai_writer_cloud_fallback', 'wordpress.option.group': 'ai', 'wordpress.option.new': 'on' }),
      s.prompt(s.at('6:10'), {}, 'cloud'),
    ];
  },
  lookAlike: {
    title: 'the tone of the assistant is changed',
    events: (s) => [s.act(s.at('10:00'), 'configuration/option-updated', s.staff('developer'), { 'wordpress.option.name': 'blog_tone_of_voice', 'wordpress.option.group': 'general' })],
  },
};
