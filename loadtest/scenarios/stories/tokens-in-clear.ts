import type { Story } from '../story.ts';

export const tokensInClear: Story = {
  name: 'tokens-in-clear', title: 'session tokens of telehealth rooms travel in addresses and without encryption',
  items: ['identity.session-in-clear'], site: 'klinik-see',
  attack(s) {
    const token = () => ['eyJhbGciOiJIUzI1NiJ9', `eyJ${s.word(40)}`, s.word(43)].join('.');
    return s.every(s.at('9:00'), '25m', 8, (at, i) => [
      s.call(at, { host: 'rooms.telehealth.example', plugin: 'telehealth-rooms', known: true }, {
        'url.scheme': 'http', 'url.query': `room=${i}&access_token=${token()}`, 'http.request.method': 'GET',
      }, { reads: [s.customer(i)] }),
      s.request(at + 5_000, s.customerClient(i + 1), `GET /room/${i}/?session_token=${s.word(32, '0123456789abcdef')}&jwt=${token()}`, { bytes: 40_000 }),
    ]);
  },
  lookAlike: {
    title: 'rooms opened over TLS with a nonce, resets of passwords that fail',
    events: (s) => s.every(s.at('9:10'), '25m', 8, (at, i) => [
      s.call(at, { host: 'rooms.telehealth.example', plugin: 'telehealth-rooms', known: true }, { 'url.scheme': 'https', 'url.query': `room=${i}`, 'http.request.method': 'POST' }),
      s.request(at + 5_000, s.customerClient(i + 1), `GET /room/${i}/?_wpnonce=${s.word(10, '0123456789abcdef')}&t=1795234406`, { bytes: 40_000 }),
    ]),
  },
};
