import type { Random } from '../../../contracts/seeded-random.ts';
import { word } from '../clock.ts';
import { staffClient } from '../background/staff.ts';
import { request } from '../scenario-event.ts';
import { SITES } from '../sites.ts';
import { NOTHING } from './clean-source.ts';
import type { CleanSource } from './clean-source.ts';
import { prose } from './prose.ts';

function block(random: Random): string {
  const text = prose(random, 3).replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return random.pick([
    () => `<!-- wp:paragraph {"align":"center"} --><p class="has-text-align-center">${text}</p><!-- /wp:paragraph -->`,
    () => `<!-- wp:heading {"level":3} --><h3 class="wp-block-heading">${text}</h3><!-- /wp:heading -->`,
    () => `<!-- wp:image {"id":${random.below(9_000)},"sizeSlug":"large"} --><figure class="wp-block-image size-large"><img src="https://shop.example/wp-content/uploads/2026/11/photo-${random.below(99)}.jpg" alt="${text.slice(0, 20).replaceAll('"', '')}" class="wp-image-12"/></figure><!-- /wp:image -->`,
    () => `<!-- wp:list --><ul class="wp-block-list"><!-- wp:list-item --><li><b>${text}</b></li><!-- /wp:list-item --></ul><!-- /wp:list -->`,
    () => `<!-- wp:table --><figure class="wp-block-table"><table><tbody><tr><td>Size</td><td>${random.below(50)} x ${random.below(50)}</td></tr></tbody></table></figure><!-- /wp:table -->`,
    () => `<!-- wp:buttons --><div class="wp-block-buttons"><div class="wp-block-button"><a class="wp-block-button__link" href="https://shop.example/?add-to-cart=${random.below(900)}">Buy &rarr;</a></div></div><!-- /wp:buttons -->`,
    () => `<!-- wp:columns --><div class="wp-block-columns" style="gap:2em"><!-- wp:column {"width":"33.33%"} --><div class="wp-block-column" style="flex-basis:33.33%"><p>${text}</p></div><!-- /wp:column --></div><!-- /wp:columns -->`,
    () => `<!-- wp:quote --><blockquote class="wp-block-quote"><p>${text}</p><cite>A customer</cite></blockquote><!-- /wp:quote -->`,
    () => `<!-- wp:code --><pre class="wp-block-code"><code>a { color: red; }</code></pre><!-- /wp:code -->`,
    () => `<!-- wp:video {"id":${random.below(900)}} --><figure class="wp-block-video"><video controls src="https://shop.example/wp-content/uploads/2026/11/how-to.mp4"></video></figure><!-- /wp:video -->`,
    () => `<!-- wp:image --><figure class="wp-block-image"><img src="data:image/png;base64,iVBORw0KGgo${word(random, 120)}" alt=""/></figure><!-- /wp:image -->`,
  ])();
}

/** The block editor saves a page, a product text or a template. */
export const editorSaves: CleanSource = {
  name: 'block-editor saves', share: 60,
  make(random) {
    const site = random.pick(SITES);
    const client = staffClient(random.pick(site.staff), 'abcdefgh');
    const post = random.below(900);
    const content = Array.from({ length: 1 + random.below(8) }, () => block(random)).join('\n\n');
    const rest = random.chance(0.7);
    const body = rest ? JSON.stringify({ id: post, title: prose(random, 1), content, status: 'publish' }) : new URLSearchParams({
      action: 'editpost', post_ID: String(post), _wpnonce: word(random, 10, '0123456789abcdef'), content, post_title: prose(random, 1), save: 'Update',
    }).toString();
    return {
      event: request(site, 1_795_234_406_123, client, rest ? `POST /wp-json/wp/v2/pages/${post}?_locale=user` : 'POST /wp-admin/post.php', { body, status: rest ? 200 : 302, bytes: rest ? 9_000 : 0 }).event,
      holds: NOTHING,
    };
  },
};
