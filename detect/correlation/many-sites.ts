import { hash } from 'node:crypto';
import { ALERT_LEVELS } from '../../contracts/alert.ts';
import type { Observation } from '../../contracts/observation.ts';
import type { CorrelationConfig } from './config.ts';
import { findingLine } from './finding.ts';
import type { CorrelationRule, Finding } from './finding.ts';
import type { KeyedStage } from '../../contracts/keyed-stage.ts';
import { isPublicAddress } from './public-address.ts';
import { createWindows, PANES } from './windows.ts';
import type { Mark, Windows } from './windows.ts';

/**
 * One address against many sites: matches of level high or critical on at least `sites` sites within `window_s` seconds.
 *
 * False positives: a proxy, scanner or gateway that many sites share and whose address they log as the client's.
 */
const RULE: CorrelationRule = {
  id: 'tourniquet.correlation.many-sites',
  title: 'One address attacks many sites',
  level: 'high',
  class: 'attack.many-sites',
};

/** Of the code below. */
const CODE = 1;
/** Sites named in a finding. */
const MOST_NAMED = 20;

/**
 * Equal for the same address and window, whatever came first and however often it is found. In letters: digits in a
 * line could look like an identifier and be masked.
 */
function findingId(value: string, windowStartMs: number): string {
  const digest = hash('sha256', `tourniquet/finding/v1\n${RULE.id}\nsource.ip=${value}\n${windowStartMs}\n`, 'buffer');
  let id = 'finding_';
  for (const byte of digest.subarray(0, 16)) id += String.fromCharCode(97 + (byte >> 4), 97 + (byte & 15));
  return id;
}

function findingOf({ value, timestamp }: Observation, windowStartMs: number, marks: readonly Mark[]): Finding {
  const times = marks.map((mark) => mark.timestamp);
  return {
    id: findingId(value, windowStartMs), rule: RULE, by: 'source.ip', value, timestamp,
    start: Math.min(...times), end: Math.max(...times), sites: marks.slice(0, MOST_NAMED).map((mark) => mark.site),
  };
}

export function createManySites({ sites, window_s, lateness_s, addresses }: CorrelationConfig): KeyedStage {
  const ruleVersion = `${CODE}/${sites}/${window_s}`;
  const windowMs = window_s * 1_000;
  const limits = { sites, paneMs: windowMs / PANES, latenessMs: lateness_s * 1_000, values: addresses };
  return {
    version: `many-sites/${ruleVersion}/${lateness_s}/${addresses}`,
    begin(snapshot) {
      // Written by `snapshot` below under the same version.
      const windows: Windows = createWindows(limits, snapshot as ReturnType<Windows['snapshot']> | undefined);
      return {
        observe(observation) {
          if (observation.by !== 'source.ip' || !ALERT_LEVELS.includes(observation.level) || !isPublicAddress(observation.value)) return [];
          return windows.observe(observation).map(({ start, marks }) => findingLine(findingOf(observation, start, marks), ruleVersion));
        },
        snapshot: () => windows.snapshot(),
        counts: () => windows.counts(),
      };
    },
  };
}
