import type { Story } from '../story.ts';

export const strangePlugin: Story = {
  name: 'strange-plugin', title: 'a plugin uploaded from an unknown source that nobody installed',
  items: ['integrity.unknown-source', 'integrity.plugin-installed'], site: 'garten-werk',
  attack: (s) => [
    s.act(s.at('5:11'), 'configuration/plugin-installed', {}, { 'wordpress.plugin.slug': 'wp-file-manager', 'wordpress.package.source': 'http://203.0.113.77/wpfm.zip' }),
    s.act(s.at('5:12'), 'configuration/plugin-activated', {}, { 'wordpress.plugin.slug': 'wp-file-manager' }),
    s.act(s.at('5:13'), 'file/plugin-file-changed', {}, { 'wordpress.plugin.slug': 'yoast-seo', 'file.path': 'wp-content/plugins/yoast-seo/wp-seo.php' }),
  ],
  lookAlike: {
    title: 'the developer installs a plugin of the directory',
    events: (s) => [
      s.act(s.at('14:00'), 'configuration/plugin-installed', s.staff('developer'), {
        'wordpress.plugin.slug': 'redirection', 'wordpress.package.source': 'https://downloads.wordpress.org/plugin/redirection.5.5.zip',
      }),
      s.act(s.at('14:01'), 'configuration/plugin-activated', s.staff('developer'), { 'wordpress.plugin.slug': 'redirection' }),
    ],
  },
};
