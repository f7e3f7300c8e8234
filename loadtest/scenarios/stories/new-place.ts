import type { Story } from '../story.ts';

export const newPlace: Story = {
  name: 'new-place', title: 'a log-in from a new country, then an application password for later',
  items: ['identity.new-place', 'identity.application-password'], site: 'klinik-see',
  attack(s) {
    const thief = s.stolen('developer', s.stranger());
    return [
      s.act(s.at('11:00'), 'authentication/user-login', s.staff('developer'), { 'wordpress.actor.place': 'known', 'wordpress.actor.device': 'known', 'source.geo.country_iso_code': 'DE' }),
      s.act(s.at('11:40'), 'authentication/user-login', thief, { 'wordpress.actor.place': 'new', 'wordpress.actor.device': 'new', 'source.geo.country_iso_code': 'BR' }),
      s.act(s.at('11:44'), 'iam/application-password-created', thief, { 'user.target.name': s.staff('owner').user }),
      s.act(s.at('11:50'), 'data_export/users-exported', thief, { 'woocommerce.export.rows': 230, 'wordpress.actor.habit': 'new' }, { reads: s.customers(230) }),
    ];
  },
  lookAlike: {
    title: 'the doctor logs in on a journey and reads, a customer has a new phone',
    events: (s) => [
      s.act(s.at('19:00'), 'authentication/user-login', s.staff('owner', 'home'), { 'wordpress.actor.place': 'new', 'wordpress.actor.device': 'known', 'source.geo.country_iso_code': 'IT' }),
      s.act(s.at('19:05'), 'data_access/order-viewed', s.staff('owner', 'home'), { 'woocommerce.order.id': 31_000 }, { reads: [s.customer(31)] }),
      s.act(s.at('20:00'), 'authentication/user-login', s.customerClient(32), { 'wordpress.actor.place': 'new', 'wordpress.actor.device': 'new' }),
    ],
  },
};
