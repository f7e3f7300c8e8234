import type { Random } from '../../../contracts/seeded-random.ts';

/** Texts in which people and programs write an identifier, and events that hold such texts. */

const SENTENCES = [
  (v: string) => v, (v: string) => `${v}`, (v: string) => `Please use ${v} for the contract.`, (v: string) => `my details: ${v}, thanks`, (v: string) => `(${v})`, (v: string) => `Hello,\nI moved. ${v}\nBest regards`,
  (v: string) => `customer wrote "${v}" in the note`, (v: string) => `Jane Roe; ${v}; Berlin`, (v: string) => `WHERE person = '${v}'`, (v: string) => `<td>${v}</td>`, (v: string) => `{"value":"${v}"}`, (v: string) => `Ihre Angabe ${v} wurde gespeichert.`,
  (v: string) => `vaut ${v}.`, (v: string) => `a,b,${v},c`,
];
const FIELDS = ['message', 'http.request.body.content', 'ai.prompt', 'ai.completion', 'woocommerce.order.note', 'wordpress.comment.content', 'email.body', 'wordpress.form.question'];
const PARAMETERS = ['q', 's', 'note', 'text', 'customer_note', 'comment'];

/** An event line that holds the text in one of the places texts come in. */
export function lineWith({ below, pick }: Random, text: string): string {
  const at = '2026-11-21T10:00:00.000Z';
  switch (below(4)) {
    case 0: {
      const query = `${pick(PARAMETERS)}=${encodeURIComponent(text).replaceAll('%20', pick(['%20', '+']))}&page=1`;
      return JSON.stringify({ '@timestamp': at, url: { path: '/search/', query } });
    }
    case 1:
      return JSON.stringify({ '@timestamp': at, [pick(FIELDS)]: text });
    case 2: {
      const [room = '', name = ''] = pick(['woocommerce.note', 'ai.prompt', 'email.body']).split('.');
      return JSON.stringify({ '@timestamp': at, [room]: { [name]: [text] } });
    }
    default:
      return JSON.stringify({ '@timestamp': at, message: JSON.stringify({ note: text }) });
  }
}

/** The value in a sentence, behind one of the words that it needs, if any. */
export function sentenceWith({ pick }: Random, value: string, words?: readonly string[]): string {
  const named = words === undefined ? value : `${pick(words)}${pick([' ', ': ', ' is ', '='])}${value}`;
  return pick(SENTENCES)(named);
}
