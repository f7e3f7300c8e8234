import type { Story } from '../story.ts';

export const givenRole: Story = {
  name: 'given-role', title: 'registration opened for administrators, and used',
  items: ['identity.role-escalation', 'identity.rogue-administrator'], site: 'stahl-form',
  attack(s) {
    const intruder = s.stranger();
    return [
      s.request(s.at('5:40'), intruder, 'POST /wp-admin/admin-ajax.php?action=quote_save_settings', { bytes: 1, body: 'default_role=administrator&users_can_register=1' }),
      s.act(s.at('5:40'), 'configuration/option-updated', { ip: intruder.ip, agent: intruder.agent }, {
        'wordpress.option.name': 'default_role', 'wordpress.option.group': 'general', 'wordpress.option.new': 'administrator', 'wordpress.request.kind': 'ajax',
      }),
      s.act(s.at('5:42'), 'iam/user-created', { ip: intruder.ip, agent: intruder.agent }, { 'wordpress.role.new': 'administrator', 'user.target.name': 'quotebot' }),
    ];
  },
  lookAlike: {
    title: 'the owner opens registration for customers',
    events: (s) => [
      s.act(s.at('9:40'), 'configuration/option-updated', s.staff('owner'), { 'wordpress.option.name': 'default_role', 'wordpress.option.group': 'general', 'wordpress.option.new': 'customer' }),
      s.act(s.at('9:41'), 'configuration/option-updated', s.staff('owner'), { 'wordpress.option.name': 'users_can_register', 'wordpress.option.group': 'general', 'wordpress.option.new': '1' }),
    ],
  },
};
