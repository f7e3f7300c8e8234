import { SSN, liveKey } from '../planted-data.ts';
import type { Story } from '../story.ts';

export const tellingErrorPage: Story = {
  name: 'telling-error-page', title: 'a plugin that fails shows records and keys in its error page',
  items: ['misplaced-data.error-page'], site: 'payfox',
  attack: (s) => s.every(s.at('6:00'), '7m', 10, (at, i) => [
    s.request(at, s.visitor(), `GET /payouts/?step=${i}`, {
      status: 500, bytes: 14_000, reads: [s.customer(i)],
      fields: { 'http.response.body.content': `<b>Fatal error</b>: Uncaught Error in ledger.php:40 array('ssn' => '${SSN}', 'key' => '${liveKey(s.word)}')` },
    }),
    s.act(at, 'process/error-shown', s.visitor(), { 'wordpress.plugin.slug': 'payfox-ledger', 'log.level': 'critical' }),
  ]),
  lookAlike: {
    title: 'the usual notice that there was a critical error',
    events: (s) =>
      s.every(s.at('6:30'), '9m', 6, (at) => s.request(at, s.visitor(), 'GET /payouts/', {
        status: 500, bytes: 2_400,
        fields: { 'http.response.body.content': '<p>There has been a critical error on this website.</p><p><a href="https://wordpress.org/documentation/article/faq-troubleshooting/">Learn more</a></p>' },
      })),
  },
};
