import type { BreachStory } from '../breach-story.ts';
import { TOOLS } from '../../scenarios/scene.ts';

export const stolenKey: BreachStory = {
  name: 'stolen-key', title: 'the key of the ERP leaks and is used beside the ERP itself', site: 'stahl-form',
  tell(s) {
    const fields = { 'wordpress.key.id': 'erp-key', 'wordpress.request.kind': 'rest', 'url.path': '/wp-json/wc/v3/orders' };
    const read = (at: number, who: { ip: string; agent: string }, first: number, count: number) => s.act(at, 'data_access/rest-read', { ...who, user: 'erp', roles: ['shop_manager'] }, fields, { reads: s.customers(count, first) });
    const erp = { ip: '192.0.2.204', agent: 'SAP-Connector/1.8' };
    const thief = s.stranger(0, TOOLS.script);
    const pages = s.every(s.at('1:17'), '7s', 20, (at, i) => read(at, thief, 1 + i * 100, 100));
    return {
      breach: pages,
      decoys: s.every(s.at('0:05', -2), '1h', 90, (at, i) => read(at, erp, 2_200 + i, 3)),
      asks: [{ seed: { kind: 'key', value: 'erp-key' } }, { seed: { kind: 'address', value: thief.ip } }, { seed: { kind: 'alert', event: pages[3]! } }], // Twenty pages were told.
    };
  },
};
