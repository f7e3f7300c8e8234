import { loggedIn, ordinaryWork } from '../breach-story.ts';
import type { BreachStory } from '../breach-story.ts';

export const mailingPlugin: BreachStory = {
  name: 'mailing-plugin', title: 'a plugin is installed with a stolen log-in and sends customers away in cron, beside one that always did', site: 'garten-werk',
  tell(s) {
    const thief = s.stolen('developer', s.stranger());
    const slug = 'seo-booster-pro';
    const installed = s.act(s.at('4:10'), 'configuration/plugin-installed', thief, { 'wordpress.plugin.slug': slug, 'wordpress.package.source': 'http://203.0.113.77/p.zip' });
    const send = (at: number, plugin: string, host: string, first: number, count: number) => s.act(at, 'outbound/http-request', {}, {
      'wordpress.plugin.slug': plugin, 'destination.domain': host, 'wordpress.request.kind': 'cron', 'wordpress.outbound.region': host.startsWith('collect') ? 'outside' : 'inside', 'wordpress.data.classes': ['pii.email'], 'wordpress.data.records': count,
    }, { reads: s.customers(count, first) });
    return {
      breach: [
        loggedIn(s, s.at('4:02'), thief), installed, s.act(s.at('4:11'), 'configuration/plugin-activated', thief, { 'wordpress.plugin.slug': slug }),
        [0, 1, 2].map((night) => s.every(s.at('5:00', night), '10m', 12, (at, i) => send(at, slug, 'collect.metrics.example', 1 + night * 480 + i * 40, 40))),
        // Within an innocent visitor's request.
        s.act(s.at('9:00', 1), 'email/mail-sent', s.customerClient(44), { 'wordpress.plugin.slug': slug, 'destination.domain': 'mx.bad.example' }, { reads: s.customers(25, 1_500) }),
      ],
      decoys: [
        [-1, 0, 1, 2].map((night) => s.every(s.at('2:00', night), '5m', 10, (at, i) => send(at, 'mailpoet', 'newsletter.mail.example', 2_000 + i * 50, 50))),
        s.act(s.at('15:00', 2), 'configuration/plugin-deactivated', s.staff('owner'), { 'wordpress.plugin.slug': slug }), ordinaryWork(s, s.at('15:20', 2), s.staff('owner'), 2_700),
      ],
      asks: [{ seed: { kind: 'session', value: thief.session ?? '' } }, { seed: { kind: 'plugin', value: slug } }, { seed: { kind: 'alert', event: installed } }],
    };
  },
};
