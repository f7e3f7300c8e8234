import type { Story } from '../story.ts';

export const hiddenInHostNames: Story = {
  name: 'hidden-in-host-names', title: 'records leave as the names of hosts that are looked up',
  items: ['outbound.query-exfiltration'], site: 'payfox',
  attack: (s) =>
    s.every(s.at('4:00'), '20s', 120, (at, i) => s.call(at, {
      host: `${s.word(48, 'abcdefghijklmnopqrstuvwxyz234567')}.t.bad.example`, plugin: 'payfox-ledger', known: false,
    }, { 'destination.registered_domain': 'bad.example', 'http.request.method': 'HEAD' }, { reads: [s.customer(i)] })),
  lookAlike: {
    title: 'pictures come from the numbered hosts of a CDN',
    events: (s) =>
      s.every(s.at('5:00'), '15s', 80, (at, i) => s.call(at, { host: `i${i % 9}.cdn.example`, plugin: 'image-offload', known: true }, { 'destination.registered_domain': 'cdn.example', 'http.request.method': 'GET' })),
  },
};
