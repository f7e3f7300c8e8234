import { readFileSync } from 'node:fs';

/** Clock ticks a second of /proc (Linux: always 100 for user space). */
const TICKS = 100;

/** CPU seconds (user and system) a process has used so far; 0 once it is gone. */
export function cpuSecondsOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name stands in parentheses and may hold spaces; the times are the 12th and 13th field after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS;
  } catch {
    return 0;
  }
}

/** CPU seconds each named process uses between the call and `stop`. */
export function watchCpu(pids: () => Readonly<Record<string, number>>): { stop(): Readonly<Record<string, number>> } {
  const before = Object.entries(pids()).map(([name, pid]) => ({ name, pid, seconds: cpuSecondsOf(pid) }));
  return { stop: () => Object.fromEntries(before.map(({ name, pid, seconds }) => [name, cpuSecondsOf(pid) - seconds])) };
}
