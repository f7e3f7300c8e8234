import { once } from 'node:events';
import process from 'node:process';
import type { ScanResult } from '../../../detect/scan.ts';

interface Count {
  readonly level: string;
  readonly class: string;
  found: number;
  readonly lines: Set<number>;
}

export interface ScanOutput {
  write(found: readonly ScanResult[]): Promise<void>;
  end(lines: number): void;
}

/** One JSON object a result. Waits for a slow reader. */
function createLines(): ScanOutput {
  return {
    async write(found) {
      const text = found.map((result) => `${JSON.stringify(shown(result))}\n`).join('');
      if (text !== '' && !process.stdout.write(text)) await once(process.stdout, 'drain');
    },
    end: () => undefined,
  };
}

/** `kind` says what the keys say anyway; a view is told where there is one. */
function shown({ kind: _kind, ...result }: ScanResult): Readonly<Record<string, unknown>> {
  if (!('view' in result) || result.view !== '') return result;
  const { view: _view, ...plain } = result;
  return plain;
}

function linesOf(result: ScanResult): readonly number[] {
  return result.kind === 'correlation' ? result.lines : [result.line];
}

/** Counts by rule. */
function createSummary(): ScanOutput {
  const counts = new Map<string, Count>();
  return {
    write(found) {
      for (const result of found) {
        const count = counts.get(result.rule) ?? { level: result.level, class: result.class, found: 0, lines: new Set<number>() };
        counts.set(result.rule, count);
        count.found += 1;
        for (const line of linesOf(result)) count.lines.add(line);
      }
      return Promise.resolve();
    },
    end(lines) {
      const rows = [...counts].map(([rule, c]) => ({ rule, level: c.level, class: c.class, detections: c.found, lines: c.lines.size })).toSorted((a, b) => b.detections - a.detections);
      process.stdout.write(`${JSON.stringify({ lines, rules: rows }, null, 2)}\n`);
    },
  };
}

export function createScanOutput(summary: boolean): ScanOutput {
  return summary ? createSummary() : createLines();
}
