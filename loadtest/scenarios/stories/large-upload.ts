import type { Story } from '../story.ts';

export const largeUpload: Story = {
  name: 'large-upload', title: 'the database sent to an unknown host in one piece',
  items: ['outbound.large-upload', 'outbound.new-host'], site: 'stahl-form',
  attack: (s) => [
    s.call(s.at('3:30'), { host: 'drop.bad.example', plugin: 'quote-request', known: false }, {
      'http.request.method': 'PUT', 'http.request.body.bytes': 184_000_000, 'http.response.status_code': 200,
    }, { reads: s.customers(2_000) }),
  ],
  lookAlike: {
    title: 'the backup goes to its usual place, a new plugin asks for its licence',
    events: (s) => [
      s.call(s.at('2:30'), { host: 'backup.vault.example', plugin: 'backup-to-vault', known: true }, { 'http.request.method': 'PUT', 'http.request.body.bytes': 420_000_000 }),
      s.call(s.at('10:30'), { host: 'licence.maker.example', plugin: 'b2b-prices', known: false }, { 'http.request.method': 'POST', 'http.request.body.bytes': 640 }),
    ],
  },
};
