import process from 'node:process';

const BAR_CELLS = 30;

/** Progress of long work: a bar that is redrawn on a terminal, a line at each tenth otherwise. On standard error. */
export interface Progress {
  update(done: number, total: number, note: string): void;
  /** A line beside the progress: above the bar on a terminal. */
  print(line: string): void;
  end(): void;
}

export function createProgress(label: string): Progress {
  const terminal = process.stderr.isTTY;
  let tenth = -1;
  let drawnAtMs = 0;
  let bar = '';
  return {
    update(done, total, note) {
      const share = total === 0 ? 1 : Math.min(1, done / total);
      if (terminal) {
        if (share < 1 && performance.now() - drawnAtMs < 80) return;
        drawnAtMs = performance.now();
        const cells = Math.round(share * BAR_CELLS);
        bar = `${label} [${'#'.repeat(cells)}${' '.repeat(BAR_CELLS - cells)}] ${Math.floor(share * 100)}% ${note}`;
        process.stderr.write(`\r\u001b[2K${bar}`);
      } else if (Math.floor(share * 10) > tenth) {
        tenth = Math.floor(share * 10);
        process.stderr.write(`${label} ${Math.floor(share * 100)}% ${note}\n`);
      }
    },
    print(line) {
      process.stderr.write(bar === '' ? `${line}\n` : `\r\u001b[2K${line}\n${bar}`);
    },
    end() {
      if (bar !== '') process.stderr.write('\n');
      bar = '';
    },
  };
}
