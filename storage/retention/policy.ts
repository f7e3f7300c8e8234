import { TIERS } from '../../contracts/tiers.ts';
import type { Tier } from '../../contracts/tiers.ts';
import type { RetentionConfig } from './config.ts';
import { dueAtMs, formatPeriod, isLonger, parsePeriod } from './period.ts';
import type { Period } from './period.ts';

export interface TierPeriod {
  readonly period: Period | 'forever';
  /** Where the period comes from, one line: "12 months (pci: PCI DSS v4.0.1, 10.5.1)". */
  readonly text: string;
}

export type Policy = Readonly<Record<Tier, TierPeriod>>;

interface Preset {
  /** The law or standard. */
  readonly source: string;
  /** `least`: it must not be kept shorter. `most`: nor longer, unless another preset asks for more. */
  readonly kind: 'least' | 'most';
  readonly periods: Readonly<Partial<Record<Tier, Period>>>;
}

const months = (count: number): Period => ({ count, unit: 'month' });
const years = (count: number): Period => ({ count, unit: 'year' });

/**
 * HIPAA asks for six years of its documentation, which the trail of who saw what is. PCI DSS asks for twelve months of
 * audit logs, three at hand: all rows here are at hand until they expire. The GDPR names no number; twelve months is what
 * the French authority recommends as the most for logs, and the trail of the product's own acts is kept to account for them.
 */
export const PRESETS = {
  hipaa: { source: '45 CFR 164.316(b)(2)(i)', kind: 'least', periods: { health: years(6), trail: years(6) } },
  pci: { source: 'PCI DSS v4.0.1, 10.5.1', kind: 'least', periods: { payment: months(12), trail: months(12) } },
  gdpr: { source: 'GDPR Art. 5(1)(e); CNIL 2021-122 on logs', kind: 'most', periods: { brief: { count: 30, unit: 'day' }, standard: months(12), payment: months(12), health: months(12), trail: years(6) } },
} as const satisfies Readonly<Record<string, Preset>>;

type PresetName = keyof typeof PRESETS;

function isPreset(name: string): name is PresetName {
  return Object.hasOwn(PRESETS, name);
}

/** The periods in force, and all that is wrong with how the configuration says them. */
export function policyOf(config: RetentionConfig): { readonly policy: Policy; readonly problems: readonly string[] } {
  const problems = config.presets.filter((name) => !isPreset(name)).map((name) => `retention.presets: there is no preset "${name.slice(0, 40)}"; there are ${Object.keys(PRESETS).join(', ')}`);
  const named = config.presets.filter(isPreset);
  const policy = Object.fromEntries(TIERS.map((tier) => {
    const preset = presetPeriod(named, tier);
    const text = config.keep[tier];
    if (text === '') return [tier, preset ?? { period: 'forever', text: 'forever' }];
    const period = parsePeriod(text);
    if (period === undefined) problems.push(`retention.keep.${tier}: "${text.slice(0, 40)}" is no period; write "30 days", "12 months", "6 years" or "forever"`);
    else problems.push(...conflicts(named, tier, period));
    return [tier, { period: period ?? 'forever', text: period === undefined || period === 'forever' ? 'forever' : `${formatPeriod(period)} (configuration)` }];
  }));
  // Made of TIERS: exactly one entry a tier.
  return { policy: policy as Policy, problems };
}

function presetPeriod(named: readonly PresetName[], tier: Tier): TierPeriod | undefined {
  let longest: TierPeriod | undefined;
  for (const name of named) {
    const { source, periods }: Preset = PRESETS[name];
    const period = periods[tier];
    if (period !== undefined && (longest === undefined || isLonger(period, longest.period))) longest = { period, text: `${formatPeriod(period)} (${name}: ${source})` };
  }
  return longest;
}

/** A period of the configuration that a named preset forbids. */
function conflicts(named: readonly PresetName[], tier: Tier, period: Period | 'forever'): readonly string[] {
  const of = (kind: Preset['kind']) => named.flatMap((name): readonly (readonly [PresetName, Period, string])[] => {
    const preset: Preset = PRESETS[name];
    const limit = preset.periods[tier];
    return preset.kind === kind && limit !== undefined ? [[name, limit, preset.source]] : [];
  });
  const tooShort = of('least').filter(([, least]) => isLonger(least, period));
  const atLeast = of('least').map(([, least]) => least);
  const tooLong = of('most').filter(([, most]) => isLonger(period, most) && !atLeast.some((least) => period === 'forever' ? false : !isLonger(period, least)));
  return [
    ...tooShort.map(([name, least, source]) => `retention.keep.${tier}: shorter than ${name} asks for (${formatPeriod(least)}, ${source})`),
    ...tooLong.map(([name, most, source]) => `retention.keep.${tier}: longer than ${name} allows (${formatPeriod(most)}, ${source})`),
  ];
}

/** When what belongs to no tier (matches, alerts, dead letters) is past the longest period of all. */
export function untieredDueAtMs(policy: Policy, month: number): number {
  return Math.max(...TIERS.map((tier) => dueAtMs(month, policy[tier].period)));
}
