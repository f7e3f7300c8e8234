import { expect, test } from 'vitest';
import { configuredTiers } from './configured-tiers.ts';

test('without settings the defaults hold, which are no part of the rule set', () => {
  expect(configuredTiers({ sites: [], classes: [] })).toBeUndefined();
});

test('settings add to the defaults, in whatever order they stand', () => {
  const rules = { sites: { clinic: 'health', shop: 'brief' }, classes: { phi: 'health', pci: 'payment', fin: 'standard', pii: 'brief' } };
  expect(configuredTiers({ sites: ['shop=brief', 'clinic=health'], classes: ['pii=brief', 'fin=standard'] })).toEqual(rules);
  const text = JSON.stringify(configuredTiers({ sites: ['clinic=health', 'shop=brief'], classes: ['fin=standard', 'pii=brief'] }));
  expect(JSON.stringify(configuredTiers({ sites: ['shop=brief', 'clinic=health'], classes: ['pii=brief', 'fin=standard'] }))).toBe(text);
});

test('every entry that is wrong is told at once', () => {
  expect(() => configuredTiers({ sites: ['shop', 'shop=forever', 'Shop=brief', '_system=brief', 'a=brief', 'a=trail', '__proto__=brief'], classes: ['pii.email=brief'] })).toThrow(expect.objectContaining({ problems: [
    'rules.tiers.sites: "shop" must be name=tier, with one of the tiers brief, standard, payment, health, trail',
    'rules.tiers.sites: "shop=forever" must be name=tier, with one of the tiers brief, standard, payment, health, trail',
    expect.stringMatching(/^rules\.tiers\.sites: "Shop=brief": a site's name must be/),
    expect.stringMatching(/^rules\.tiers\.sites: "_system=brief": a site's name must be/),
    'rules.tiers.sites: "a" has two tiers: keep one',
    expect.stringMatching(/^rules\.tiers\.sites: "__proto__=brief": /),
    'rules.tiers.classes: "pii.email=brief": a class is named by its first part, such as pii',
  ] }));
});
