import type { ScopeGap } from '../../contracts/scope.ts';
import type { PlainRequests, ScopeTimes, WindowFacts } from './scope-store.ts';

function monthTimes(month: number): ScopeTimes {
  const [year, index] = [Math.floor(month / 100), (month % 100) - 1];
  return { fromMs: Date.UTC(year, index), toMs: Date.UTC(year, index + 1) };
}

/** What deeds alone do not tell. */
export interface Untold {
  /** Records of the breach's deeds beyond the persons they name. */
  readonly unnamed: number;
  /** Requests from addresses of the breach that are no deeds. */
  readonly plain: PlainRequests | undefined;
  /** Whether bounds cut the search short. */
  readonly leftOut: boolean;
}

/** What the evidence of the times lacks, and what could hide in it. */
export function scopeGaps(facts: WindowFacts, times: ScopeTimes, { unnamed, plain, leftOut }: Untold): readonly ScopeGap[] {
  const whole = { stream: '', epoch: 0, fromMs: times.fromMs, toMs: times.toMs };
  const gaps: ScopeGap[] = [...holeGaps(facts), ...restartGaps(facts), ...silenceGaps(facts), ...deadLetterGaps(facts), ...expiryGaps(facts), ...underivedGaps(facts)];
  if (unnamed > 0) gaps.push({ ...whole, kind: 'unnamed-records', count: unnamed, couldHide: 'Deeds of the breach touched so many more records than they name persons: as many persons more, at most, or further records of those named.' });
  if (plain !== undefined) gaps.push({ ...whole, kind: 'plain-requests', fromMs: plain.firstMs, toMs: plain.lastMs, count: plain.requests, couldHide: `Addresses of the breach were answered so many requests of the access log, ${kilobytes(plain.bytes)} in all: the log tells the pages, not whose data they held. A dump or an open folder fetched so shows nowhere else.` });
  if (leftOut) gaps.push({ ...whole, kind: 'truncated', count: 0, couldHide: 'More belongs to the breach than is followed at once: ask again for a shorter time or with a higher least confidence.' });
  return gaps.filter(({ fromMs, toMs }) => toMs >= times.fromMs && fromMs < Math.max(times.toMs, facts.received.toMs)).toSorted((a, b) => a.fromMs - b.fromMs || (orderOf(a) < orderOf(b) ? -1 : 1));
}

function orderOf({ kind, stream, epoch, toMs, count }: ScopeGap): string {
  return [kind, stream, epoch, toMs, count].join('\n');
}

function holeGaps({ holes }: WindowFacts): readonly ScopeGap[] {
  return holes.map(({ stream, epoch, fromSeq, toSeq, lost, afterMs, noticedMs }) => ({
    kind: lost ? 'records-lost' : 'lines-missing', stream, epoch, fromMs: afterMs, toMs: noticedMs, count: toSeq - fromSeq + 1,
    couldHide: lost ? 'The event log let go of these records before they were stored: any deed of this time.' : 'Lines that the shipper wrote and never delivered: any deed of this time.',
  }));
}

function restartGaps({ chains }: WindowFacts): readonly ScopeGap[] {
  return [...Map.groupBy(chains, ({ stream }) => stream).values()].flatMap((epochs) => {
    const inOrder = epochs.toSorted((a, b) => a.epoch - b.epoch);
    return inOrder.slice(1).map(({ stream, epoch, firstMs }, i): ScopeGap => ({
      kind: 'chain-restarted', stream, epoch, fromMs: Math.min(inOrder[i]?.lastMs ?? firstMs, firstMs), toMs: firstMs, count: 0,
      couldHide: 'The chain began anew, as after a restored or copied site: lines between the old chain\'s last and the new one\'s first that were never delivered.',
    }));
  });
}

function silenceGaps({ silences }: WindowFacts): readonly ScopeGap[] {
  return silences.map(({ stream, fromMs, toMs, expected }) => ({
    kind: 'silence', stream, epoch: 0, fromMs, toMs, count: 0,
    couldHide: `Nothing is told of ${minutes(toMs - fromMs)}, of which about ${Math.round(expected)} events were to be expected: deeds that nobody wrote down, though the chain shows no hole.`,
  }));
}

function underivedGaps({ underived: { events, fromMs, toMs } }: WindowFacts): readonly ScopeGap[] {
  return events === 0 ? [] : [{
    kind: 'deeds-not-derived', stream: '', epoch: 0, fromMs, toMs, count: events,
    couldHide: 'Events stored by a version that did not tell yet who touched whose data: any deed of theirs. Their lines are kept, and "tourniquet query" finds them.',
  }];
}

function kilobytes(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1_000)} kB` : `${Math.round(bytes / 1_000_000)} MB`;
}

function minutes(ms: number): string {
  return ms < 5_400_000 ? `${Math.max(1, Math.round(ms / 60_000))} minutes` : `${Math.round(ms / 3_600_000)} hours`;
}

function deadLetterGaps({ deadLetters }: WindowFacts): readonly ScopeGap[] {
  return deadLetters.map(({ stream, epoch, count, fromMs, toMs }) => ({
    kind: 'dead-letters', stream, epoch, fromMs, toMs, count, couldHide: 'Lines that could not become events; their sealed originals are kept and can be opened to see.',
  }));
}

function expiryGaps({ expired }: WindowFacts): readonly ScopeGap[] {
  return expired.map(({ tier, month, rows }) => ({
    kind: 'expired', stream: tier, epoch: 0, ...monthTimes(month), count: rows, couldHide: `Rows of the tier "${tier}" received in this month were dropped by policy: any deed of theirs.`,
  }));
}
