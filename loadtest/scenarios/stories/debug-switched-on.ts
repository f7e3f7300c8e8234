import type { Story } from '../story.ts';

export const debugSwitchedOn: Story = {
  name: 'debug-switched-on', title: 'debug log and file editor switched on, then the log fetched',
  items: ['integrity.debug-on', 'integrity.editing-on'], site: 'payfox',
  attack(s) {
    const thief = s.stolen('developer', s.stranger());
    return [
      s.act(s.at('0:31'), 'configuration/constant-changed', thief, { 'wordpress.constant.name': 'WP_DEBUG_LOG', 'wordpress.constant.new': true }),
      s.act(s.at('0:33'), 'configuration/constant-changed', thief, { 'wordpress.constant.name': 'DISALLOW_FILE_EDIT', 'wordpress.constant.new': false }),
      s.request(s.at('0:50'), s.stranger(), 'GET /wp-content/debug.log', { bytes: 410_000 }),
    ];
  },
  lookAlike: {
    title: 'the developer raises the memory limit and switches debugging off',
    events: (s) => [
      s.act(s.at('10:00'), 'configuration/constant-changed', s.staff('developer'), { 'wordpress.constant.name': 'WP_MEMORY_LIMIT', 'wordpress.constant.new': '512M' }),
      s.act(s.at('10:01'), 'configuration/constant-changed', s.staff('developer'), { 'wordpress.constant.name': 'WP_DEBUG', 'wordpress.constant.new': false }),
    ],
  },
};
