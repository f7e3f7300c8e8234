import type { Story } from '../story.ts';
import { TOOLS } from '../scene.ts';

export const graphqlHarvest: Story = {
  name: 'graphql-harvest', title: 'all customers asked for in a few GraphQL queries',
  items: ['bulk-export.graphql'], site: 'stahl-form',
  attack: (s) => s.every(s.at('2:05'), '30s', 4, (at, i) => {
    const reads = s.customers(500, 1 + i * 500);
    const thief = { ...s.stranger(0, TOOLS.script), user: 'erp' };
    return [
      s.request(at, thief, 'POST /graphql', { bytes: 380_000, reads, body: `{"query":"{customers(first:500,after:\\"${i}\\"){nodes{email billing{address1}}}}"}` }),
      s.act(at, 'data_access/graphql-read', thief, { 'wordpress.request.kind': 'graphql', 'wordpress.actor.habit': 'new' }, { reads }),
    ];
  }),
  lookAlike: {
    title: 'the storefront loads its products over GraphQL',
    events: (s) => s.every(s.at('10:00'), '15s', 40, (at) => s.request(at, s.visitor(), 'POST /graphql', { bytes: 52_000, body: '{"query":"{products(first:100){nodes{name price}}}"}' })),
  },
};
