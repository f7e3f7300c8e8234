import type { Random } from '../../../contracts/seeded-random.ts';
import { staffClient } from '../background/staff.ts';
import { act, request } from '../scenario-event.ts';
import { SITES } from '../sites.ts';
import { NOTHING } from './clean-source.ts';
import type { CleanSource } from './clean-source.ts';

/** What shops write about their goods: numbers, doses, norms, prices and code names that are nobody's. */
const COPY = [
  'Vitamin D3 1000 IU: take one capsule daily with a meal.', 'Ibuprofen 400 mg, 20 film-coated tablets, for headaches and toothache. Ask your pharmacist.', 'For diabetics: sugar-free, 0.2 g per 100 g.', 'Blood pressure monitor with two user memories; normal is 120/80 mmHg.', 'Helps against colds, coughs and sore throats.', 'Inhaler spacer for asthma sprays, with mask (size M).',
  'Suitable for people with allergies; tested by dermatologists.', 'PZN 04114918, GTIN 4150041149186, 50 ml.', 'Nimmt man dreimal täglich eine Tablette, reicht die Packung zehn Tage.', 'Bei Kopfschmerzen und Fieber. Zu Risiken und Nebenwirkungen lesen Sie die Packungsbeilage.', 'HbA1c test strips, 50 pieces, lot 4411-20.', 'COVID-19 antigen self test, result after 15 minutes: positive or negative.',
  'Hinge 110 degrees, DIN EN 15570, load 240 N, part no. E11.9-120.', 'Profile 40x40, 6060 T66, tolerance +/-0.2 mm, 1.5 kg/m.', 'IP65, 230 V~, 50/60 Hz, 1500 W, 3/4" thread.', 'M8x1.25 bolts, DIN 912, box of 100, SKU 912-08-0025.', 'Model 4111-1111 replaces 4110-2222; see table 5.', 'Serial numbers SN-2026-000123 to SN-2026-000456 are called back.',
  'Card reader with NFC: insert, swipe or tap; accepts Visa, Mastercard and girocard.', 'Fees: 1.39 % + 0.25 EUR per transaction; payouts to your IBAN every Monday.', 'Test with card 4242 and any future date in sandbox mode.', 'Our API key can be found under Settings > Developers; never share it.', 'Password rules: at least 12 characters; no names.', 'Use Authorization: Bearer <your token> in each request.',
  'Oak table 160 x 90 cm, drop leaf, select grade, order by December 12.', 'Hose 25 m, 1/2", 8 bar, -10 to +60 °C.', 'Colours: #c0ffee, #bada55 or RAL 7016.', 'Call us Mon-Fri 9-17 at 030 555 0123 or write to service@shop.example.', 'Visit us: 52.520008, 13.404954 (plus code 9F4MGC22+22).', 'ISBN 978-3-16-148410-0, 312 pages, 2nd edition 2026.', 'Version 10.2.1 fixes #4821; requires PHP 8.1 or 8.2.', 'Born in 1984, made to last: our classic.', 'Patient lamp: bends, waits, and shines.',
] as const;

function copy(random: Random): string {
  return Array.from({ length: 1 + random.below(4) }, () => random.pick(COPY)).join(' ');
}

/** Texts about goods as editors save them, mails carry them and models are asked to word them. */
export const productCopy: CleanSource = {
  name: 'texts about goods', share: 60,
  make(random) {
    const site = random.pick(SITES);
    const text = copy(random);
    const client = staffClient(random.pick(site.staff), 'abcdefgh');
    const id = random.below(900);
    return {
      event: random.pick([
        () => request(site, 1_795_234_406_123, client, `PUT /wp-json/wc/v3/products/${id}`, { body: JSON.stringify({ id, name: random.pick(site.products), description: `<p>${text}</p>` }) }),
        () => request(site, 1_795_234_406_123, client, 'POST /wp-admin/post.php', { status: 302, bytes: 0, body: new URLSearchParams({ action: 'editpost', post_ID: String(id), content: text, excerpt: copy(random) }).toString() }),
        () => act(site, 1_795_234_406_123, 'email/mail-sent', {}, { fields: { 'email.subject': 'New in our shop', 'email.body': `<p>${text}</p>`, 'wordpress.outbound.purpose': 'mail', 'wordpress.outbound.known': true } }),
        () => act(site, 1_795_234_406_123, 'ai/prompt-sent', client, { fields: { 'destination.domain': site.assistant.host, 'wordpress.plugin.slug': site.assistant.plugin, 'wordpress.ai.location': 'local', 'wordpress.ai.policy': 'local', 'ai.prompt': `Shorten: ${text}`, 'ai.completion': copy(random) } }),
      ])().event,
      holds: NOTHING,
    };
  },
};
