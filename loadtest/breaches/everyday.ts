import type { ScenarioEvent } from '../scenarios/scenario-event.ts';
import type { Scene } from '../scenarios/scene.ts';
import type { Duty } from '../scenarios/site.ts';
import type { Events } from '../scenarios/story.ts';
import { eventsOf } from '../scenarios/story.ts';
import { exported, loggedIn, ordinaryWork } from './breach-story.ts';

const DUTIES: readonly Duty[] = ['owner', 'developer', 'support', 'bookkeeper'];

/** What happens on any site in the days of a breach and looks like a part of it: each does to their own what a thief would. */
export function everyday(s: Scene): readonly ScenarioEvent[] {
  const session = (): string => s.word(24, 'abcdefghijklmnop');
  const [developer, owner] = [s.staff('developer'), s.staff('owner')];
  const employee = { ...s.staff('support'), user: 'new-hand', session: session() };
  const key = s.word(12, '0123456789abcdef');
  const away = DUTIES.map((duty, i) => ({ ...s.staff(duty), ip: `2001:db8:cafe:${i + 1}::${s.random.below(4_096).toString(16)}`, session: session() }));
  const events: Events = [
    // On a journey, at the own computer, in the very night of the breach.
    away.map((who, i) => [loggedIn(s, s.at('0:20') + i * 7_200_000, who), ordinaryWork(s, s.at('0:30') + i * 7_200_000, who, 2_800 + i * 10)]),
    s.act(s.at('10:00', -1), 'iam/user-created', owner, { 'wordpress.role.new': 'shop_manager', 'user.target.name': employee.user }),
    loggedIn(s, s.at('10:30', -1), employee), ordinaryWork(s, s.at('10:40', -1), employee, 2_850), ordinaryWork(s, s.at('10:40'), employee, 2_860, 20),
    s.act(s.at('9:30'), 'iam/application-password-created', developer, { 'wordpress.target.kind': 'key', 'wordpress.target.name': key, 'user.target.name': developer.user }),
    s.every(s.at('9:40'), '2h', 16, (at, i) => s.act(at, 'data_access/rest-read', { ip: '192.0.2.240', agent: 'Deployer/1.2', user: developer.user ?? '' }, { 'wordpress.key.id': key, 'wordpress.request.kind': 'rest' }, { reads: [s.customer(2_890 + i)] })),
    s.act(s.at('9:00'), 'configuration/plugin-installed', developer, { 'wordpress.plugin.slug': 'birthday-mail' }),
    s.every(s.at('9:05'), '1h', 30, (at, i) => s.act(at, 'email/mail-sent', {}, { 'wordpress.plugin.slug': 'birthday-mail', 'destination.domain': 'mail.relay.example', 'wordpress.request.kind': 'cron' }, { reads: [s.customer(2_920 + i)] })),
    exported(s, s.at('16:00'), 'data_export/orders-exported', owner, s.customers(60, 2_900)),
  ];
  return eventsOf(events);
}
