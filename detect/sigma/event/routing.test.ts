import { expect, it } from 'vitest';
import { considered } from './routing.ts';

it.for([
  ['any', { product: 'windows' }, true, true],
  [undefined, { product: 'windows' }, false, true],
  [undefined, { product: 'windows' }, true, false],
  [[{ category: 'webserver' }], { category: 'webserver' }, true, true],
  [[{ category: 'webserver', product: 'apache' }], { category: 'webserver' }, false, true],
  [[{ category: 'webserver' }], { category: 'webserver', product: 'apache' }, false, false],
  [[{ category: 'proxy' }, { product: 'apache', service: 'access' }], { category: 'proxy', service: 'access' }, false, false],
  [[], {}, false, false],
  [[{ category: 'proxy' }], {}, false, true],
] as const)('events that serve %j are shown to rules for %j (matching the empty event: %s): %s', ([served, asked, matchesEmpty, shown]) => expect(considered(served, asked, matchesEmpty)).toBe(shown));
