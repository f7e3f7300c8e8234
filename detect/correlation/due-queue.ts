import type { Group } from './group.ts';
import type { Shelf } from './shelf.ts';

/** A window that is over once the watermark is there. */
export interface Due {
  readonly dueMs: number;
  readonly shelf: Shelf;
  readonly group: Group;
}

/** Windows of one clock, the next one over first. Equal ones come in the order of rules and keys, whoever came first. */
export interface DueQueue {
  push(due: Due): void;
  first(): Due | undefined;
  shift(): void;
  clear(): void;
}

function isBefore(a: Due, b: Due): boolean {
  if (a.dueMs !== b.dueMs) return a.dueMs < b.dueMs;
  const [rule, other] = [a.shelf.node.index, b.shelf.node.index];
  return rule === other ? a.group.key < b.group.key : rule < other;
}

export function createDueQueue(): DueQueue {
  /** A binary heap. Indexes below are in range. */
  const heap: Due[] = [];

  function sink(due: Due): void {
    let at = 0;
    for (let child = 1; child < heap.length; child = 2 * at + 1) {
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, due)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = due;
  }
  return {
    push(due) {
      let at = heap.push(due) - 1;
      for (let parent = (at - 1) >> 1; at > 0 && isBefore(due, heap[parent]!); parent = (at - 1) >> 1) {
        heap[at] = heap[parent]!;
        at = parent;
      }
      heap[at] = due;
    },
    first: () => heap[0],
    shift() {
      const last = heap.pop();
      if (last !== undefined && heap.length > 0) sink(last);
    },
    clear: () => void (heap.length = 0),
  };
}
