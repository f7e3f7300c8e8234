import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { openSync, closeSync } from 'node:fs';

/** The shell waits for its standard input to end, as it does when the process that started it dies, and kills the group. */
const GUARD = 'setsid "$@" </dev/null & child=$!; cat >/dev/null; kill -9 "-$child" 2>/dev/null; wait "$child" 2>/dev/null; exit 0';

/** A server that never outlives this process, however that ends. What the server starts goes with it. */
export class OwnedProcess implements AsyncDisposable {
  readonly #guard: ChildProcess;

  private constructor(guard: ChildProcess) {
    this.#guard = guard;
  }

  /** What it prints goes to a file. */
  static start(command: readonly string[], logFile: string, env: Readonly<Record<string, string>> = {}): OwnedProcess {
    const log = openSync(logFile, 'a');
    // Detached: what is sent to this process's group must not end the guard before it has done its duty.
    const guard = spawn('sh', ['-c', GUARD, 'guard', ...command], { detached: true, stdio: ['pipe', log, log], env: { ...process.env, ...env } });
    closeSync(log);
    return new OwnedProcess(guard);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#guard.exitCode !== null) return;
    const ended = new Promise((resolve) => this.#guard.once('exit', resolve));
    this.#guard.stdin?.end();
    await ended;
  }
}
