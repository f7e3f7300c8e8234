import { SSN } from '../planted-data.ts';
import type { Story } from '../story.ts';

export const tellingMessages: Story = {
  name: 'telling-messages', title: 'results and identity numbers go out in plain mail and text messages',
  items: ['misplaced-data.email', 'misplaced-data.sms'], site: 'klinik-see',
  attack: (s) => s.every(s.at('16:00'), '11m', 9, (at, i) => {
    const { email, first, last } = s.customer(100 + i);
    const outbound = { 'wordpress.outbound.known': true, 'wordpress.outbound.region': 'inside' };
    return [
      s.act(at, 'email/mail-sent', {}, {
        'email.to.address': email, 'email.subject': 'Your results',
        'email.body': `Dear ${first} ${last} (SSN ${SSN}), you were diagnosed with type 2 diabetes. HbA1c 8.1 %. Prescribed metformin 500 mg twice daily.`, 'wordpress.outbound.purpose': 'mail',
        ...outbound,
      }, { reads: [s.customer(100 + i)] }),
      s.act(at + 1_000, 'outbound/sms-sent', {}, {
        'destination.domain': 'sms.reminder.example', message: `Dear ${last}, your HIV test is positive. Patient ${first} ${last}, please call us.`, 'wordpress.outbound.purpose': 'sms', ...outbound,
      }, { reads: [s.customer(100 + i)] }),
    ];
  }),
  lookAlike: {
    title: 'reminders of appointments and the newsletter about diabetes',
    events: (s) => s.every(s.at('15:00'), '6m', 10, (at, i) => [
      s.act(at, 'outbound/sms-sent', {}, {
        'destination.domain': 'sms.reminder.example', message: `Reminder: your appointment is tomorrow at 1${i % 6}:30. Reply STOP to end.`, 'wordpress.outbound.known': true,
        'wordpress.outbound.region': 'inside', 'wordpress.outbound.purpose': 'sms',
      }),
      s.act(at, 'email/mail-sent', {}, {
        'email.to.address': s.customer(200 + i).email, 'email.subject': 'Our course on nutrition',
        'email.body': 'Our course on diabetes and nutrition starts in January. Book 2 or 3 evenings; the doctor answers questions.', 'wordpress.outbound.known': true,
        'wordpress.outbound.region': 'inside', 'wordpress.outbound.purpose': 'mail',
      }),
    ]),
  },
};
