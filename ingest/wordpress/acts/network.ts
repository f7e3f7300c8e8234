import { PEOPLE } from '../test-site/people.ts';
import type { UserAct } from '../test-site/user-act.ts';

const { administrator } = PEOPLE;

export const ACTS: readonly UserAct[] = [
  {
    title: 'a log-in on a site of a network says which site',
    on: ['network'],
    act: ({ site }) => site.loggedIn(administrator, '/north'),
    expect: [{ category: 'authentication', action: 'user-login', fields: { 'event.outcome': 'success', 'user.name': 'ada', 'wordpress.blog.id': 2 }, persons: [{ type: 'user', kind: 'email', identifier: administrator.email }] }],
  },
];
