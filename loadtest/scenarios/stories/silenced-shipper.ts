import type { Story } from '../story.ts';

export const silencedShipper: Story = {
  name: 'silenced-shipper', title: 'shipping switched off before the theft',
  items: ['integrity.silenced'], site: 'klinik-see',
  attack(s) {
    const thief = s.stolen('developer', s.stranger());
    return [
      s.act(s.at('2:14'), 'configuration/shipping-disabled', thief),
      s.act(s.at('2:15'), 'configuration/spool-deleted', {}),
    ];
  },
  lookAlike: {
    title: 'other plugins are configured',
    events: (s) => [
      s.act(s.at('9:14'), 'configuration/option-updated', s.staff('developer'), { 'wordpress.option.name': 'tourniquet_notice_dismissed', 'wordpress.option.group': 'general' }),
      s.act(s.at('9:20'), 'configuration/plugin-deactivated', s.staff('developer'), { 'wordpress.plugin.slug': 'hello-dolly' }),
    ],
  },
};
