import type { Story } from '../story.ts';

export const otherSitesRecords: Story = {
  name: 'other-sites-records', title: 'a plugin of one clinic reads the patients of its sister site',
  items: ['unguarded-reads.cross-site'], site: 'klinik-see',
  attack: (s) =>
    s.every(s.at('13:00'), '1m', 20, (at, i) => s.act(at, 'data_access/rest-read', s.stolen('editor', s.stranger()), {
      'wordpress.plugin.slug': 'telehealth-rooms', 'wordpress.request.kind': 'rest', 'wordpress.blog.id': 3, 'wordpress.blog.switched_from': 1, 'wordpress.actor.habit': 'new',
    }, { reads: s.customers(20, 1 + i * 20) })),
  lookAlike: {
    title: 'the network administrator looks at both sites',
    events: (s) =>
      s.every(s.at('10:40'), '3m', 5, (at, i) => s.act(at, 'data_access/order-list-viewed', { ...s.staff('developer'), roles: ['super_admin'] }, {
        'wordpress.blog.id': 3, 'wordpress.blog.switched_from': 1, 'wordpress.actor.habit': 'known',
      }, { reads: s.customers(20, 1 + i * 20) })),
  },
};
