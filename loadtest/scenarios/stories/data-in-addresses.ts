import { CARD, SSN } from '../planted-data.ts';
import type { Story } from '../story.ts';

export const dataInAddresses: Story = {
  name: 'data-in-addresses', title: 'a form sends card and identity numbers in the address, from where other sites get them',
  items: ['misplaced-data.query-string', 'misplaced-data.referrer'], site: 'praxis-nord',
  attack: (s) => s.every(s.at('9:00'), '17m', 12, (at, i) => {
    const who = s.visitor();
    const query = i % 2 === 0 ? `cardnumber=${CARD}&step=2` : `name=${s.customer(i).last}&ssn=${SSN}&diagnosis=E11.9`;
    return [
      s.request(at, who, `GET /intake/?${encodeURI(query)}`, { bytes: 21_000, reads: [s.customer(i)] }),
      s.request(at + 3_000, who, 'GET /intake/thanks/', { bytes: 18_000, referrer: `https://${s.site.domain}/intake/?${encodeURI(query)}` }),
    ];
  }),
  lookAlike: {
    title: 'order references, parcels and click ids of many digits',
    events: (s) =>
      s.every(s.at('9:30'), '9m', 10, (at, i) => s.request(at, s.visitor(), `GET /track/?${['ref=4242424242424241', 'tracking=1Z999AA10123456784', `parcel=00340434${s.word(12, '0123456789')}`, 'gtin=4006381333931', `gclid=${s.word(80)}`, 't=1795234406123', 'sku=E11-9-120', 'order=219-09-99991', `utm_id=${s.word(16, '123456789')}0`, 'phone=%2B1-202-555-0147'][i] ?? ''}`, { bytes: 11_000 })),
  },
};
