import type { Story } from '../story.ts';

export const takeover: Story = {
  name: 'takeover', title: 'guard off, new administrator, everything exported',
  items: ['identity.rogue-administrator', 'integrity.plugin-off', 'bulk-export.admin-export'], site: 'praxis-nord',
  attack(s) {
    const thief = s.stolen('owner', s.stranger());
    return [
      s.act(s.at('3:01'), 'authentication/user-login', thief, { 'wordpress.actor.place': 'new', 'wordpress.actor.device': 'new' }),
      s.act(s.at('3:08'), 'configuration/plugin-deactivated', thief, { 'wordpress.plugin.slug': 'wordfence' }),
      s.act(s.at('3:11'), 'iam/administrator-created', thief, { 'wordpress.role.new': 'administrator', 'user.target.name': 'wp-support' }),
      s.act(s.at('3:20'), 'data_export/orders-exported', thief, {
        'woocommerce.export.rows': 2_900, 'woocommerce.export.format': 'csv', 'wordpress.actor.habit': 'new',
      }, { reads: s.customers(2_900) }),
    ];
  },
  lookAlike: {
    title: 'the agency updates plugins and gives a colleague the editor role',
    events: (s) => [
      s.act(s.at('10:05'), 'configuration/plugin-deactivated', s.staff('developer'), { 'wordpress.plugin.slug': 'contact-form-7' }),
      s.act(s.at('10:06'), 'configuration/plugin-updated', s.staff('developer'), {
        'wordpress.plugin.slug': 'contact-form-7', 'wordpress.package.source': 'https://downloads.wordpress.org/plugin/contact-form-7.6.1.zip',
      }),
      s.every(s.at('10:07'), '1s', 12, (at, i) =>
        s.act(at, 'file/plugin-file-changed', {}, { 'wordpress.plugin.slug': 'contact-form-7', 'file.path': `wp-content/plugins/contact-form-7/includes/f${i}.php` })),
      s.act(s.at('10:09'), 'configuration/plugin-activated', s.staff('developer'), { 'wordpress.plugin.slug': 'contact-form-7' }),
      s.act(s.at('11:30'), 'iam/user-created', s.staff('owner'), { 'wordpress.role.new': 'editor', 'user.target.name': 'tilda' }),
    ],
  },
};
