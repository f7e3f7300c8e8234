import type { Story } from '../story.ts';
import { TOOLS } from '../scene.ts';

export const namesWalkedThenGuessed: Story = {
  name: 'names-walked-then-guessed', title: 'log-in names read by author number, then guessed at until one opens',
  items: ['unguarded-reads.user-walking', 'identity.stuffing'], site: 'stahl-form',
  attack(s) {
    const guesser = s.stranger(0, TOOLS.script);
    return [
      s.every(s.at('23:00'), '4s', 12, (at, i) => s.request(at, guesser, `GET /?author=${i + 1}`, { status: i < 6 ? 301 : 404, bytes: 0 })),
      s.every(s.at('23:10'), '3s', 90, (at, i) => [
        s.request(at, guesser, 'POST /wp-login.php', { bytes: 4_900 }),
        s.act(at, 'authentication/login-failed', { ...guesser, user: s.site.staff[i % 3]?.user ?? '' }, {}, { outcome: 'failure' }),
      ]),
      s.request(s.at('23:16'), guesser, 'POST /wp-login.php', { status: 302, bytes: 0 }),
      s.act(s.at('23:16'), 'authentication/user-login', s.stolen('support', guesser), { 'wordpress.actor.place': 'new', 'wordpress.actor.device': 'new' }),
    ];
  },
  lookAlike: {
    title: 'an editor filters the post list by author, a colleague forgot the password',
    events: (s) => [
      s.every(s.at('10:00'), '20s', 6, (at, i) => s.request(at, s.staff('editor'), `GET /wp-admin/edit.php?post_type=post&author=${i + 1}`, { bytes: 64_000 })),
      s.every(s.at('7:55'), '35s', 6, (at) => [
        s.request(at, s.staff('support'), 'POST /wp-login.php', { bytes: 5_100 }),
        s.act(at, 'authentication/login-failed', s.staff('support'), {}, { outcome: 'failure' }),
      ]),
      s.request(s.at('8:00'), s.staff('support'), 'POST /wp-login.php?action=lostpassword', { status: 302, bytes: 0 }),
      s.act(s.at('8:06'), 'authentication/user-login', s.staff('support')),
    ],
  },
};
