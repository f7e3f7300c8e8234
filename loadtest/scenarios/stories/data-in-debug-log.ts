import { OTHER_CARD, SSN, liveKey } from '../planted-data.ts';
import type { Story } from '../story.ts';

export const dataInDebugLog: Story = {
  name: 'data-in-debug-log', title: 'a gateway plugin writes cards and keys to debug.log, and somebody fetches it',
  items: ['misplaced-data.debug-log', 'identity.api-key-read'], site: 'payfox',
  attack: (s) => [
    s.every(s.at('12:00'), '8m', 9, (at, i) =>
      s.phpLog(at, `Ledger request failed: {"card":"${OTHER_CARD}","name":"${s.customer(i).first}","ssn":"${SSN}"} in /var/www/html/wp-content/plugins/payfox-ledger/api.php on line 90`)),
    s.phpLog(s.at('13:30'), `PHP Warning:  Authorization: Bearer ${liveKey(s.word)} rejected in /var/www/html/wp-content/plugins/payfox-ledger/api.php on line 31`),
    s.request(s.at('14:10'), s.stranger(), 'GET /wp-content/debug.log', { bytes: 220_000, reads: s.customers(9) }),
    s.request(s.at('14:12'), s.stranger(), 'GET /wp-config.php.bak', { bytes: 3_300 }),
  ],
  lookAlike: {
    title: 'notices, ids and hashes in the log',
    events: (s) =>
      s.every(s.at('15:00'), '10m', 8, (at, i) => s.phpLog(at, [
        'PHP Notice:  Undefined index: card in /var/www/html/wp-content/plugins/payfox-ledger/form.php on line 12', `Payment pi_${s.word(24)} of cus_${s.word(14)} declined (card ending 4242)`,
        'Webhook evt_1Q2w3E4r5T6y delivered in 412 ms', `Lock wp_cron.lock taken, token ${s.word(32, '0123456789abcdef')}`, 'Test key sk_test_**** in use',
        'PHP Deprecated:  strlen(): Passing null in class-key.php on line 4', 'Card **** **** **** 4444 saved as token', 'Patient export skipped: nothing to do',
      ][i] ?? '')),
  },
};
