import { SECRET_PASSAGE } from '../planted-data.ts';
import type { Story } from '../story.ts';

export const leakedProduct: Story = {
  name: 'leaked-product', title: 'a paper on an unpublished product goes to a cloud model, then stands in a comment',
  items: ['planted.document', 'ai-paths.cloud-call'], site: 'stahl-form',
  attack: (s) => [
    s.prompt(s.at('15:20'), s.staff('editor'), 'cloud', { 'destination.domain': 'api.anthropic.com', 'ai.prompt': `Make a text for the shop of this: ${SECRET_PASSAGE}` }),
    s.request(s.at('7:00', 1), s.stranger(), 'POST /wp-comments-post.php', {
      status: 302, bytes: 0, body: new URLSearchParams({ author: 'Insider', comment: `Just heard: ${SECRET_PASSAGE.toUpperCase()}`, comment_post_ID: '12' }).toString(),
    }),
  ],
  lookAlike: {
    title: 'the editor works on it in the dashboard, a visitor asks about hinges',
    events: (s) => [
      s.request(s.at('14:00'), s.staff('editor'), 'POST /wp-json/wp/v2/product/912?_locale=user', {
        body: JSON.stringify({ id: 912, status: 'draft', content: `<!-- wp:paragraph --><p>${SECRET_PASSAGE}</p><!-- /wp:paragraph -->` }), bytes: 7_000,
      }),
      s.prompt(s.at('14:20'), s.staff('editor'), 'local', { 'ai.prompt': `Shorten: ${SECRET_PASSAGE}` }),
      s.request(s.at('16:00'), s.visitor(), 'POST /wp-comments-post.php', {
        status: 302, bytes: 0,
        body: new URLSearchParams({
          author: 'Ina', comment: 'Is there a hinge for doors of kitchens that opens to 110 degrees without a spring? What is its list price for resellers?', comment_post_ID: '12',
        }).toString(),
      }),
    ],
  },
};
