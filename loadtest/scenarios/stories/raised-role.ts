import type { Story } from '../story.ts';

export const raisedRole: Story = {
  name: 'raised-role', title: 'a customer raises the own role through a profile form',
  items: ['identity.role-escalation'], site: 'klinik-see',
  attack(s) {
    const climber = { ...s.stranger(), user: 'm.extra', roles: ['customer'], session: s.word(24, 'abcdefghij') };
    return [
      s.request(s.at('17:30'), climber, 'POST /my-account/edit-account/', { status: 302, bytes: 0, body: 'account_first_name=M&wp_capabilities%5Badministrator%5D=1' }),
      s.act(s.at('17:30'), 'iam/user-role-changed', climber, { 'wordpress.role.old': 'customer', 'wordpress.role.new': 'administrator', 'user.target.name': 'm.extra' }),
      s.act(s.at('17:36'), 'data_access/order-list-viewed', { ...climber, roles: ['administrator'] }, { 'woocommerce.list.count': 100, 'wordpress.actor.habit': 'new' }, { reads: s.customers(100) }),
    ];
  },
  lookAlike: {
    title: 'the owner makes a colleague an editor, a membership ends',
    events: (s) => [
      s.act(s.at('9:00'), 'iam/user-role-changed', s.staff('owner'), { 'wordpress.role.old': 'subscriber', 'wordpress.role.new': 'editor', 'user.target.name': 'ina' }),
      s.act(s.at('0:05'), 'iam/user-role-changed', {}, {
        'wordpress.role.old': 'wholesale_customer', 'wordpress.role.new': 'customer', 'user.target.name': 'k.small', 'wordpress.request.kind': 'cron',
      }),
    ],
  },
};
