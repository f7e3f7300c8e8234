import { execFile } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const MIB = 1024 * 1024;

/** A directory in which each broker has a small disk of its own, in memory, that can be filled up. Linux and root only. */
export class SmallDisks implements AsyncDisposable {
  readonly directory: string;
  readonly #disks: readonly string[];

  private constructor(directory: string, disks: readonly string[]) {
    this.directory = directory;
    this.#disks = disks;
  }

  static async mount(count: number, mib: number): Promise<SmallDisks> {
    const directory = mkdtempSync(path.join(os.tmpdir(), 'tourniquet-disks-'));
    // Where a broker of the test cluster keeps what is its own.
    const disks = Array.from({ length: count }, (_, i) => path.join(directory, `broker-${i + 1}`, 'data'));
    const mounted = new SmallDisks(directory, disks);
    try {
      for (const disk of disks) {
        mkdirSync(disk, { recursive: true });
        await run('mount', ['-t', 'tmpfs', '-o', `size=${mib}m`, 'tmpfs', disk]);
      }
      return mounted;
    } catch (error) {
      await mounted[Symbol.asyncDispose]();
      throw error;
    }
  }

  #fillerOf(disk: number): string {
    return path.join(this.#disks[disk] ?? '', 'filler');
  }

  /** Until not one byte is left. */
  fill(disk: number): void {
    const file = openSync(this.#fillerOf(disk), 'w');
    try {
      for (const piece of [Buffer.alloc(MIB), Buffer.alloc(4096), Buffer.alloc(1)]) writeUntilFull(file, piece);
    } finally {
      closeSync(file);
    }
  }

  free(disk: number): void {
    rmSync(this.#fillerOf(disk), { force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const disk of this.#disks) await run('umount', ['-l', disk]).catch(() => undefined);
    rmSync(this.directory, { recursive: true, force: true });
  }
}

function writeUntilFull(file: number, piece: Buffer): void {
  try {
    for (;;) writeSync(file, piece);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  }
}
