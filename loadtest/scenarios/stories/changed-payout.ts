import type { Story } from '../story.ts';

export const changedPayout: Story = {
  name: 'changed-payout', title: 'payouts turned to another account',
  items: ['money.payout'], site: 'payfox',
  attack: (s) => [
    s.act(s.at('19:55'), 'authentication/user-login', s.stolen('owner', s.stranger()), { 'wordpress.actor.place': 'new', 'wordpress.actor.device': 'new' }),
    s.act(s.at('20:01'), 'configuration/payout-account-changed', s.stolen('owner', s.stranger())),
    s.act(s.at('20:02'), 'configuration/option-updated', s.stolen('owner', s.stranger()), { 'wordpress.option.name': 'woocommerce_bacs_accounts' }),
  ],
  lookAlike: {
    title: 'the owner changes the wording of the bank transfer',
    events: (s) => [s.act(s.at('10:20'), 'configuration/option-updated', s.staff('owner'), { 'wordpress.option.name': 'woocommerce_bacs_description', 'wordpress.option.group': 'general' })],
  },
};
