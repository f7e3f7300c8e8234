import { visitor } from '../background/visitors.ts';
import { customerOf } from '../customer.ts';
import { act, request } from '../scenario-event.ts';
import { SITES } from '../sites.ts';
import { CONTACT } from './clean-source.ts';
import type { CleanSource } from './clean-source.ts';
import { prose } from './prose.ts';

/** Mails that the shop sends and gets. */
export const mails: CleanSource = {
  name: 'mails in seven languages', share: 80,
  make(random) {
    const site = random.pick(SITES);
    const { first, last, email, street, city } = customerOf(random.below(5_000));
    const body = random.pick([
      () => `${prose(random)}\n\n${first} ${last}\n${street}\n${city}`,
      () => `<html><body style="margin:0"><table width="600"><tr><td><h1>Thank you, ${first}!</h1><p>${prose(random, 3)}</p><a href="https://${site.domain}/my-account/view-order/${random.below(90_000)}/">Your order</a><img src="https://${site.domain}/logo.png" width="120" alt="logo"></td></tr></table></body></html>`,
      () => `${prose(random)}\n\n> ${prose(random, 2)}\n-- \n${first} | Tel. 030 555 0${random.digits(3)} | USt-IdNr. DE${random.digits(9)}`,
    ])();
    return {
      event: act(site, 1_795_234_406_123, 'email/mail-sent', {}, { fields: {
        'destination.domain': 'mail.relay.example', 'wordpress.outbound.purpose': 'mail', 'wordpress.outbound.known': true, 'wordpress.outbound.region': 'inside', 'email.to.address': email,
        'email.subject': prose(random, 1), 'email.body': body,
      } }).event,
      holds: CONTACT,
    };
  },
};

/** Reviews, questions and notes. */
export const reviews: CleanSource = {
  name: 'reviews, notes and questions', share: 80,
  make(random) {
    const site = random.pick(SITES);
    const text = prose(random);
    const { first, email } = customerOf(random.below(5_000));
    return {
      event: random.pick([
        () => request(site, 1_795_234_406_123, visitor(random), 'POST /wp-comments-post.php', {
          status: 302, bytes: 0, body: new URLSearchParams({ author: first, email, url: '', comment: text, rating: '5', comment_post_ID: String(random.below(900)) }).toString(),
        }),
        () => act(site, 1_795_234_406_123, 'database/comment-posted', visitor(random), { fields: { 'wordpress.comment.content': text, 'wordpress.comment.status': 'approve' } }),
        () => act(site, 1_795_234_406_123, 'database/order-updated', visitor(random), { fields: { 'woocommerce.order.id': random.below(90_000), 'woocommerce.order.note': text } }),
        () => act(site, 1_795_234_406_123, 'database/form-submitted', visitor(random), { fields: {
          'wordpress.form.id': 7, 'wordpress.form.name': first, 'wordpress.form.email': email, 'wordpress.form.message': text, 'wordpress.plugin.slug': 'contact-form-7',
        } }),
        () => act(site, 1_795_234_406_123, 'ai/prompt-sent', visitor(random), { fields: {
          'destination.domain': site.assistant.host, 'wordpress.plugin.slug': site.assistant.plugin, 'wordpress.ai.location': 'local', 'wordpress.ai.policy': 'local', 'ai.prompt': text,
          'ai.completion': prose(random, 2),
        } }),
      ])().event,
      holds: CONTACT,
    };
  },
};
