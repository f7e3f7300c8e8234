import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Clock ticks a second of /proc (Linux: always 100 for user space). */
const TICKS = 100;

/** CPU seconds, user and system, of all children that ended. */
function cpuOfChildren(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  // The name stands in parentheses and may hold spaces; the times are the 14th and 15th field after it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) / TICKS;
}

export interface ChildRun {
  /** User and system, of all its threads. */
  readonly cpuSeconds: number;
  readonly output: string;
}

/** Runs a command to its end and tells what it cost. One at a time. Rejects when it fails. */
export function runForCpu(command: string, args: readonly string[]): Promise<ChildRun> {
  const before = cpuOfChildren();
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve({ cpuSeconds: cpuOfChildren() - before, output }) : reject(new Error(`${command} ${args.join(' ')} ended with ${code}`))));
  });
}
