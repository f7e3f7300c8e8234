import { describe, expect, test } from 'vitest';
import { TIERS } from '../../contracts/tiers.ts';
import type { RetentionConfig } from './config.ts';
import { dueAtMs, formatPeriod, parsePeriod } from './period.ts';
import { policyOf, untieredDueAtMs } from './policy.ts';

const EMPTY = { brief: '', standard: '', payment: '', health: '', trail: '' };

function policy(presets: readonly string[], keep: Partial<RetentionConfig['keep']> = {}) {
  return policyOf({ presets, keep: { ...EMPTY, ...keep } });
}

function texts(presets: readonly string[], keep: Partial<RetentionConfig['keep']> = {}): readonly string[] {
  const { policy: found } = policy(presets, keep);
  return TIERS.map((tier) => found[tier].text.replace(/ \(.*/, ''));
}

describe('periods', () => {
  test.each([['1 day', '1 day'], ['30 days', '30 days'], ['12 months', '12 months'], ['1 years', '1 year'], ['6 years', '6 years']])('%s is read', (text, written) => {
    const period = parsePeriod(text);
    expect(period === undefined || period === 'forever' ? period : formatPeriod(period)).toBe(written);
  });

  test.each(['', '0 days', '-1 days', '1.5 years', '10000 days', '6years', '6 Years', 'six years', '6 years ', '6 weeks', 'for ever', '1e3 days'])('"%s" is none', (text) => {
    expect(parsePeriod(text)).toBeUndefined();
  });

  test.each([
    [202601, '30 days', '2026-03-03'], [202602, '1 day', '2026-03-02'], [202412, '12 months', '2026-01-01'], [202402, '6 years', '2030-03-01'], [202601, '1 month', '2026-03-01'],
  ])('month %d is past %s at %s', (month, text, at) => {
    const period = parsePeriod(text);
    expect(period === undefined ? undefined : new Date(dueAtMs(month, period)).toISOString()).toBe(`${at}T00:00:00.000Z`);
  });
});

describe('the policy', () => {
  test('by default nothing ever expires', () => {
    const { policy: found, problems } = policy([]);
    expect(problems).toEqual([]);
    for (const tier of TIERS) expect(dueAtMs(200001, found[tier].period)).toBe(Infinity);
  });

  test('of several presets the longest period holds, and names where it comes from', () => {
    expect(texts(['gdpr'])).toEqual(['30 days', '12 months', '12 months', '12 months', '6 years']);
    expect(texts(['pci', 'gdpr', 'hipaa'])).toEqual(['30 days', '12 months', '12 months', '6 years', '6 years']);
    expect(texts(['hipaa'])).toEqual(['forever', 'forever', 'forever', '6 years', '6 years']);
    expect(policy(['hipaa']).policy.health.text).toBe('6 years (hipaa: 45 CFR 164.316(b)(2)(i))');
  });

  test('a period of the configuration holds over a preset, as far as the preset lets it', () => {
    expect(texts(['hipaa', 'gdpr'], { standard: '90 days', health: '7 years' })).toEqual(['30 days', '90 days', '12 months', '7 years', '6 years']);
    expect(policy(['hipaa', 'gdpr'], { standard: '90 days', health: '6 years' }).problems).toEqual([]);
  });

  test('every problem is told at once, with its key', () => {
    expect(policy(['hippa', 'hipaa', 'gdpr'], { brief: 'soon', standard: '13 months', health: '5 years', trail: 'forever' }).problems).toEqual([
      'retention.presets: there is no preset "hippa"; there are hipaa, pci, gdpr',
      'retention.keep.brief: "soon" is no period; write "30 days", "12 months", "6 years" or "forever"',
      'retention.keep.standard: longer than gdpr allows (12 months, GDPR Art. 5(1)(e); CNIL 2021-122 on logs)',
      'retention.keep.health: shorter than hipaa asks for (6 years, 45 CFR 164.316(b)(2)(i))',
      'retention.keep.trail: longer than gdpr allows (6 years, GDPR Art. 5(1)(e); CNIL 2021-122 on logs)',
    ]);
  });

  test.each(['__proto__', 'constructor', 'toString'])('"%s" is no preset', (name) => {
    expect(policy([name]).problems).toHaveLength(1);
  });

  test('a tier whose period cannot be read is kept forever', () => {
    expect(policy(['gdpr'], { brief: 'x' }).policy.brief.period).toBe('forever');
  });

  test('what has no tier waits for the longest of all', () => {
    expect(untieredDueAtMs(policy(['gdpr']).policy, 202401)).toBe(Date.UTC(2030, 1));
    expect(untieredDueAtMs(policy(['hipaa']).policy, 202401)).toBe(Infinity);
  });
});
