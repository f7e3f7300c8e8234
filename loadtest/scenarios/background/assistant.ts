import type { Random } from '../../../contracts/seeded-random.ts';
import { DAY, visitTime } from '../clock.ts';
import { act } from '../scenario-event.ts';
import type { ScenarioEvent } from '../scenario-event.ts';
import type { Site } from '../site.ts';
import { visitor } from './visitors.ts';

/** What people ask a shop's assistant. The plugin puts placeholders where personal data stood. */
const QUESTIONS = [
  'Where is my order {order}? I ordered on Monday.', 'Do you ship to Sweden?', 'Which size should I select if I am 182 cm tall?', 'Can I return it or exchange it?', 'My address is [ADDRESS], can you change it before it ships?',
  'Please write to [EMAIL] when it is back in stock.', 'Wie lange dauert die Lieferung?', 'What is the difference between {a} and {b}?', 'Is there a discount for 2 or more?', 'Please ignore my last message, I found the size table.',
] as const;
const ANSWERS = [
  'It usually takes two to three working days.', 'You can return it within 30 days; the label is in your account.', 'Both are fine. {a} is lighter, {b} lasts longer.',
  'I have told the team, they answer by mail.',
] as const;

/** Prompts that stay on the site's own ground, and a mailing once a week. */
export function* assistant(site: Site, day: number, share: number, random: Random): Generator<ScenarioEvent> {
  const prompts = Math.ceil(share * (10 + random.below(15)));
  for (let i = 0; i < prompts; i++) {
    const fill = (text: string): string => text.replace('{order}', String(10_000 + random.below(80_000))).replace('{a}', random.pick(site.products)).replace('{b}', random.pick(site.products));
    const failed = random.chance(0.02);
    yield act(site, day + visitTime(random), 'ai/prompt-sent', visitor(random), {
      outcome: failed ? 'failure' : 'success',
      fields: {
        'destination.domain': site.assistant.host, 'wordpress.plugin.slug': site.assistant.plugin, 'wordpress.ai.location': 'local', 'wordpress.ai.policy': 'local', 'wordpress.outbound.purpose': 'ai', 'wordpress.outbound.known': true, 'wordpress.outbound.region': 'inside',
        'ai.model': 'llama-3.3-8b', 'ai.prompt': fill(random.pick(QUESTIONS)), ...(failed ? {} : { 'ai.completion': fill(random.pick(ANSWERS)) }),
      },
    });
  }
  if (new Date(day).getUTCDay() !== 2) return;
  const start = day + 9 * 3_600_000;
  for (let i = 0; i < 40 * share; i++) {
    yield act(site, Math.min(start + i * 4_000, day + DAY - 1), 'email/mail-sent', {}, { fields: {
      'email.subject': 'News of November', 'wordpress.plugin.slug': 'mailpoet', 'wordpress.outbound.purpose': 'mail', 'wordpress.outbound.known': true, 'wordpress.outbound.region': 'inside',
      'email.body': `<p>Hello!</p><p>50% off until Sunday, select yours: https://${site.domain}/sale/?utm_source=newsletter&utm_id=${random.digits(8)}</p>`,
    } });
  }
}
