import type { Story } from '../story.ts';

export const patientsInBeacons: Story = {
  name: 'patients-in-beacons', title: 'an analytics plugin sends what patients typed',
  items: ['misplaced-data.beacon'], site: 'praxis-nord',
  attack: (s) =>
    s.every(s.at('8:00'), '13m', 16, (at, i) => s.call(at, { host: 'region1.google-analytics.com', plugin: 'shop-analytics', known: true }, { 'url.path': '/g/collect', 'url.query': `v=2&en=purchase&uem=${encodeURIComponent(s.customer(i).email)}`, 'wordpress.outbound.purpose': 'analytics', 'http.request.method': 'POST',
    'http.request.body.content': `ep.condition=${encodeURIComponent('diagnosed with type 2 diabetes')}&ep.mail=${encodeURIComponent(s.customer(i).email)}` }, { reads: [s.customer(i)] })),
  lookAlike: {
    title: 'page views and purchases counted without a person',
    events: (s) =>
      s.every(s.at('8:10'), '13m', 16, (at, i) => s.call(at, { host: 'region1.google-analytics.com', plugin: 'shop-analytics', known: true }, {
        'url.path': '/g/collect', 'url.query': `v=2&en=purchase&epn.value=${20 + i}.90&cid=${s.word(9, '123456789')}.1795234406&dl=https%3A%2F%2F${s.site.domain}%2Fcheckout%2F`,
        'wordpress.outbound.purpose': 'analytics', 'http.request.method': 'POST',
      })),
  },
};
