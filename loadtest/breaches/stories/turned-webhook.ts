import { loggedIn, ordinaryWork } from '../breach-story.ts';
import type { BreachStory } from '../breach-story.ts';

export const turnedWebhook: BreachStory = {
  name: 'turned-webhook', title: 'a webhook is added that sends every new order to a host of the thief', site: 'stahl-form',
  tell(s) {
    const thief = s.stolen('owner', s.stranger());
    const added = s.act(s.at('5:05'), 'configuration/webhook-created', thief, { 'woocommerce.webhook.topic': 'order.created', 'destination.domain': 'orders.sync-hub.example' });
    const deliver = (at: number, host: string, customer: number) => s.act(at, 'outbound/http-request', {}, { 'wordpress.plugin.slug': 'woocommerce', 'destination.domain': host, 'wordpress.data.classes': ['pii.address'] }, { reads: [s.customer(customer)] });
    return {
      breach: [loggedIn(s, s.at('5:00'), thief), added, s.every(s.at('6:00'), '35m', 50, (at, i) => deliver(at, 'orders.sync-hub.example', 100 + i))],
      decoys: [s.every(s.at('6:00', -1), '45m', 80, (at, i) => deliver(at, 'ship.parcel.example', 1_000 + i)), ordinaryWork(s, s.at('8:00'), s.staff('owner'), 2_000)],
      asks: [{ seed: { kind: 'session', value: thief.session ?? '' } }, { seed: { kind: 'alert', event: added } }],
    };
  },
};
