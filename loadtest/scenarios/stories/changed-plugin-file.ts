import type { Story } from '../story.ts';

export const changedPluginFile: Story = {
  name: 'changed-plugin-file', title: 'a plugin file changed hours after the last update',
  items: ['integrity.file-changed'], site: 'stahl-form',
  attack: (s) => [
    s.act(s.at('4:40'), 'file/plugin-file-changed', {}, { 'wordpress.plugin.slug': 'b2b-prices', 'file.path': 'wp-content/plugins/b2b-prices/includes/cache.php' }),
    s.act(s.at('4:41'), 'file/core-file-changed', {}, { 'wordpress.plugin.slug': 'wordpress', 'file.path': 'wp-includes/class-wp-hook.php' }),
  ],
  lookAlike: {
    title: 'an update changes two hundred files',
    events: (s) => [
      s.act(s.at('11:00'), 'configuration/plugin-updated', s.staff('developer'), {
        'wordpress.plugin.slug': 'quote-request', 'wordpress.package.source': 'https://downloads.wordpress.org/plugin/quote-request.2.4.zip',
      }),
      s.every(s.at('11:00'), '1s', 200, (at, i) =>
        s.act(at, 'file/plugin-file-changed', {}, { 'wordpress.plugin.slug': 'quote-request', 'file.path': `wp-content/plugins/quote-request/src/f${i}.php` })),
    ],
  },
};
