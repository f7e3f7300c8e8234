import type { DueQueue } from './due-queue.ts';
import type { CorrelationNode } from './forest.ts';
import type { Group } from './group.ts';

/** How far the events of a site have come, or of all sites for a correlation across them. */
export interface Clock {
  readonly by: string;
  /** Empty: all sites. */
  readonly site: string;
  /** Unix ms: the newest event time. */
  newestMs: number;
  /** Unix ms: the newest receipt. */
  receivedMs: number;
  /** Unix ms: windows that were over there are closed. Behind the watermark only while it catches up. */
  passedMs: number;
  readonly due: DueQueue;
  /** Groups with a window that is open. */
  open: number;
  readonly shelves: Map<string, Shelf>;
}

/** The groups of one correlation under one clock. */
export interface Shelf {
  readonly clock: Clock;
  node: CorrelationNode;
  /** From the one seen longest ago to the last, but for those that are `fresh`. */
  readonly groups: Map<string, Group>;
  bytes: number;
}

/** Whether all its entries are of one site. */
export function isAlone({ clock }: Shelf): boolean {
  return clock.site !== '';
}
