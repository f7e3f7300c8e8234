import { seededRandom } from '../../contracts/seeded-random.ts';
import { detectionsOf, engineOf } from '../../detect/engine-fixture.ts';
import { createLineScan } from '../../detect/scan.ts';
import type { LineScan } from '../../detect/scan.ts';
import { promptInjection, shopText } from './prompt-sentences.ts';
import type { Section } from './section.ts';

const INJECTIONS = 4_000;
const SHOP_TEXTS = 20_000;
const BATCH_LINES = 1_000;
/** Where shops keep what customers write. */
const FIELDS = ['http.request.body.content', 'ai.prompt', 'wordpress.comment.content', 'woocommerce.order.note', 'email.body', 'message'];

function told(scan: LineScan, texts: readonly string[]): number {
  let lines = 0;
  for (let from = 0; from < texts.length; from += BATCH_LINES) {
    const batch = texts.slice(from, from + BATCH_LINES).map((text, i) => JSON.stringify({ [FIELDS[i % FIELDS.length] ?? 'message']: text }));
    lines += new Set(detectionsOf(scan, batch).filter((d) => d.class === 'attack.prompt_injection').map((d) => d.line)).size;
  }
  return lines;
}

export const promptInjections: Section = {
  name: 'prompt-injection',
  title: 'orders to a model in eight languages, plain and hidden, amid reviews, mails and product texts',
  async run(seed) {
    const scan = createLineScan(await engineOf());
    const random = seededRandom(seed);
    const injections = Array.from({ length: INJECTIONS }, () => promptInjection(random));
    const texts = Array.from({ length: SHOP_TEXTS }, () => shopText(random));
    return {
      classes: [{ name: 'attack.prompt_injection', positives: INJECTIONS, found: told(scan, injections), negatives: SHOP_TEXTS, falseFound: told(scan, texts), floor: { recall: 0.9, precision: 0.95 }, aim: { recall: 0.95, precision: 0.98 } }],
      figures: [],
    };
  },
};
