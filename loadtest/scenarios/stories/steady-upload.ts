import type { Story } from '../story.ts';

export const steadyUpload: Story = {
  name: 'steady-upload', title: 'a plugin sends a little to a new host every few minutes',
  items: ['outbound.periodic-upload'], site: 'klinik-see',
  attack: (s) =>
    s.every(s.at('0:10'), '9m', 150, (at) => s.call(at, { host: 'cdn-metrics.bad.example', plugin: 'telehealth-rooms', known: false }, { 'http.request.method': 'POST', 'http.request.body.bytes': 410_000 })),
  lookAlike: {
    title: 'a monitor reports every five minutes to a host that is known',
    events: (s) =>
      s.every(s.at('0:02'), '10m', 140, (at) => s.call(at, { host: 'status.monitor.example', plugin: 'site-health', known: true }, { 'http.request.method': 'POST', 'http.request.body.bytes': 900 })),
  },
};
