import type { Story } from '../story.ts';

export const turnedPayments: Story = {
  name: 'turned-payments', title: 'gateway keys and the order webhook turned to a thief',
  items: ['integrity.gateway-key', 'integrity.webhook'], site: 'garten-werk',
  attack(s) {
    const thief = s.stolen('owner', s.stranger());
    return [
      s.act(s.at('4:50'), 'authentication/user-login', thief, { 'wordpress.actor.place': 'new', 'wordpress.actor.device': 'new' }),
      s.act(s.at('4:55'), 'configuration/option-updated', thief, { 'wordpress.option.name': 'woocommerce_paypal_settings', 'wordpress.option.group': 'payment_gateway' }),
      s.act(s.at('5:01'), 'configuration/webhook-updated', thief, { 'woocommerce.webhook.topic': 'order.created', 'destination.domain': 'orders.bad.example', 'wordpress.outbound.known': false }),
    ];
  },
  lookAlike: {
    title: 'the title of a gateway and the webhook of the shipping partner are changed in the office',
    events: (s) => [
      s.act(s.at('10:55'), 'configuration/option-updated', s.staff('owner'), { 'wordpress.option.name': 'woocommerce_paypal_settings', 'wordpress.option.group': 'payment_gateway' }),
      s.act(s.at('11:01'), 'configuration/webhook-updated', s.staff('owner'), {
        'woocommerce.webhook.topic': 'order.updated', 'destination.domain': 'ship.parcel.example', 'wordpress.outbound.known': true, 'wordpress.outbound.purpose': 'shipping',
      }),
    ],
  },
};
