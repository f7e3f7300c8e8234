import type { ScopeReport } from '../../../contracts/scope.ts';

/** A rule that usually asks for a notice, and by when. A fact with its source, no advice. */
export interface NotificationClock {
  readonly where: string;
  readonly rule: string;
  /** Who is told, and by when. */
  readonly when: string;
}

interface Known extends NotificationClock {
  /** ISO 3166-1 alpha-2 of the persons it protects. */
  readonly countries: readonly string[];
  /** First parts of the data classes it is about; all when absent. */
  readonly families?: readonly string[];
}

const EEA = ['AT', 'BE', 'BG', 'CY', 'CZ', 'DE', 'DK', 'EE', 'ES', 'FI', 'FR', 'GR', 'HR', 'HU', 'IE', 'IS', 'IT', 'LI', 'LT', 'LU', 'LV', 'MT', 'NL', 'NO', 'PL', 'PT', 'RO', 'SE', 'SI', 'SK'];
const ANYWHERE: readonly string[] = [];

const KNOWN: readonly Known[] = [
  { where: 'EU and EEA', rule: 'GDPR Art. 33 and 34', when: 'supervisory authority: 72 hours after becoming aware, unless a risk is unlikely; the persons: without undue delay where the risk is high', countries: EEA },
  { where: 'United Kingdom', rule: 'UK GDPR Art. 33 and 34', when: 'ICO: 72 hours after becoming aware, unless a risk is unlikely; the persons: without undue delay where the risk is high', countries: ['GB'] },
  { where: 'Switzerland', rule: 'FADP Art. 24', when: 'FDPIC: as soon as possible where the risk is high', countries: ['CH'] },
  { where: 'United States', rule: 'HIPAA, 45 CFR 164.404-408', when: 'the persons, HHS from 500 of them, media from more than 500 of a state: at most 60 days after discovery', countries: ['US'], families: ['phi'] },
  { where: 'United States', rule: 'FTC, 16 CFR 318', when: 'health records outside HIPAA: the persons, FTC from 500 of them: at most 60 days after discovery', countries: ['US'], families: ['phi'] },
  { where: 'United States', rule: 'laws of the states', when: 'the persons, often the attorney general: by state of residence, often 30 to 60 days', countries: ['US'] },
  { where: 'Canada', rule: 'PIPEDA s. 10.1', when: 'Privacy Commissioner and the persons: as soon as feasible where the risk of significant harm is real', countries: ['CA'] },
  { where: 'Australia', rule: 'Privacy Act 1988, Part IIIC', when: 'OAIC and the persons: as soon as practicable; assessment within 30 days', countries: ['AU'] },
  { where: 'Brazil', rule: 'LGPD Art. 48, ANPD 15/2024', when: 'ANPD and the persons: 3 business days', countries: ['BR'] },
  { where: 'Singapore', rule: 'PDPA Part 6A', when: 'PDPC: 3 calendar days after assessing that it is notifiable; the persons too, where harm is likely', countries: ['SG'] },
  { where: 'South Africa', rule: 'POPIA s. 22', when: 'Information Regulator and the persons: as soon as reasonably possible', countries: ['ZA'] },
  { where: 'any', rule: 'rules of the card brands', when: 'acquiring bank: usually at once, by the merchant agreement', countries: ANYWHERE, families: ['pci'] },
];

/** Those that the persons' countries and the data classes point to. Where a country is not known, that of the EU and EEA, strict and common, stands for it. */
export function clocksOf({ subjects, classes }: Pick<ScopeReport, 'subjects' | 'classes'>): readonly NotificationClock[] {
  const countries = new Set(subjects.map(({ jurisdiction }) => jurisdiction));
  const families = new Set(classes.map(({ name }) => name.split('.', 1)[0]));
  const isUnknown = countries.has('');
  return KNOWN.filter((clock) => {
    const isThere = clock.countries === ANYWHERE || clock.countries.some((country) => countries.has(country)) || (isUnknown && clock.countries === EEA);
    return isThere && (clock.families === undefined || clock.families.some((family) => families.has(family)));
  });
}
