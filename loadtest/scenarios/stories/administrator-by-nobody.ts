import type { Story } from '../story.ts';

export const administratorByNobody: Story = {
  name: 'administrator-by-nobody', title: 'an administrator made by SQL',
  items: ['identity.rogue-administrator'], site: 'payfox',
  attack(s) {
    const intruder = s.stranger();
    return [
      s.request(s.at('5:31'), intruder, `POST /wp-admin/admin-ajax.php?action=ledger_filter&col=${encodeURIComponent("1';INSERT INTO wp_users(user_login) VALUES('sys')-- ")}`, { bytes: 12 }),
      s.act(s.at('5:31'), 'iam/administrator-created', { ip: intruder.ip, agent: intruder.agent }, { 'wordpress.role.new': 'administrator', 'user.target.name': 'sys' }),
    ];
  },
  lookAlike: {
    title: 'the owner promotes a customer to wholesale, a shell script makes a shop manager',
    events: (s) => [
      s.act(s.at('9:00'), 'iam/user-role-changed', s.staff('owner'), { 'wordpress.role.old': 'customer', 'wordpress.role.new': 'wholesale_customer' }),
      s.act(s.at('9:10'), 'iam/user-created', {}, { 'wordpress.role.new': 'shop_manager', 'wordpress.request.kind': 'cli' }),
    ],
  },
};
