import type { Story } from '../story.ts';

export const leftRegion: Story = {
  name: 'left-region', title: 'patients sent to a service outside of the declared region',
  items: ['outbound.region'], site: 'klinik-see',
  attack: (s) =>
    s.every(s.at('8:00'), '20m', 20, (at, i) => s.call(at, { host: 'forms.overseas.example', plugin: 'gravityforms', known: true }, {
      'wordpress.outbound.region': 'outside', 'wordpress.request.subjects': 1, 'http.request.body.bytes': 2_100,
    }, { reads: [s.customer(i + 1)] })),
  lookAlike: {
    title: 'translations and fonts come from overseas',
    events: (s) =>
      s.every(s.at('7:00'), '30m', 12, (at) => s.call(at, { host: 'translate.wordpress.org', plugin: 'wordpress', known: true }, {
        'wordpress.outbound.region': 'outside', 'wordpress.request.subjects': 0, 'http.request.body.bytes': 300,
      })),
  },
};
