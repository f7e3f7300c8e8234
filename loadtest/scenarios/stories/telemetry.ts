import type { Story } from '../story.ts';

export const telemetry: Story = {
  name: 'telemetry', title: 'a plugin reports customers to its maker',
  items: ['outbound.telemetry', 'outbound.new-host'], site: 'stahl-form',
  attack: (s) =>
    s.every(s.at('1:00'), '1h', 12, (at, i) => s.call(at, { host: 'stats.maker.example', plugin: 'quote-request', known: false }, {
      'http.request.method': 'POST', 'http.request.body.bytes': 4_100, 'http.request.body.content': JSON.stringify(s.customers(20, 1 + i * 20).map(({ email, phone }) => ({ email, phone }))),
      'wordpress.request.subjects': 20,
    }, { reads: s.customers(20, 1 + i * 20) })),
  lookAlike: {
    title: 'a plugin reports its version and the number of products',
    events: (s) =>
      s.every(s.at('1:30'), '1h', 12, (at) => s.call(at, { host: 'tracking.woocommerce.com', plugin: 'woocommerce', known: true }, {
        'http.request.method': 'POST', 'http.request.body.bytes': 900, 'http.request.body.content': '{"wp":"6.8.3","php":"8.3","products":412,"gateways":["bacs","paypal"]}',
        'wordpress.request.subjects': 0,
      })),
  },
};
