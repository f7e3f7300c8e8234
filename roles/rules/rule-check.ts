import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { RulesConfig } from '../../detect/rule-set/config.ts';
import type { KnownSeals } from './prepared-rule-set.ts';

/** What the checking process is asked. */
export interface CheckRequest {
  readonly kind: 'check';
  readonly rules: RulesConfig;
  readonly cacheDirectory: string;
  readonly known: KnownSeals;
  /** The version in use: when the files are still the same there is nothing to check. */
  readonly inUse: string;
}

export interface CompileRequest {
  readonly kind: 'compile';
  readonly cacheDirectory: string;
  /** A `PreparedRuleSet`, as its text. */
  readonly packed: string;
}

export type CheckAnswer =
  | { readonly kind: 'same' }
  | { readonly kind: 'refused'; readonly problem: string }
  /** It compiles, its rules' tests pass, and what was compiled lies in the cache. `packed`: a `PreparedRuleSet`, as its text. */
  | { readonly kind: 'ready'; readonly packed: string };

/** What is wrong with rules that were compiled aside; they will not be better next time. */
export class RulesRefused extends Error {
  override readonly name = 'RulesRefused';
  readonly retryable = false;
}

const PROCESS = fileURLToPath(new URL('./rule-check-process.ts', import.meta.url));
/** A set that takes longer, or more of V8's heap, is refused: minutes, for a machine may be busy with other things. */
const MOST_MS = 300_000;
const MOST_HEAP_MIB = 1024;

/**
 * Reads the configured rules, compiles them and runs the tests beside them in a process of its own: neither time nor
 * memory of the worker are touched.
 */
export function checkRules(request: Omit<CheckRequest, 'kind'>, signal: AbortSignal): Promise<CheckAnswer> {
  return ask({ kind: 'check', ...request }, signal);
}

/** Puts a compiled set into the cache, from a process of its own. Throws RulesRefused. */
export async function compileAside(request: Omit<CompileRequest, 'kind'>, signal: AbortSignal): Promise<void> {
  const answer = await ask({ kind: 'compile', ...request }, signal);
  if (answer.kind === 'refused') throw new RulesRefused(answer.problem);
}

function ask(request: CheckRequest | CompileRequest, signal: AbortSignal): Promise<CheckAnswer> {
  return new Promise((resolve, reject) => {
    const child = fork(PROCESS, [], { execArgv: [`--max-old-space-size=${MOST_HEAP_MIB}`], stdio: ['ignore', 'ignore', 'ignore', 'ipc'], signal, timeout: MOST_MS, killSignal: 'SIGKILL' });
    child.once('error', reject);
    child.once('message', (answer) => {
      // The process sends nothing else.
      resolve(answer as CheckAnswer);
      child.kill('SIGKILL');
    });
    child.once('exit', (code, killedBy) => resolve({ kind: 'refused', problem: `checking the rules took more than ${MOST_MS / 1_000} s, or too much memory (${killedBy ?? `exit code ${code}`})` }));
    child.send(request);
  });
}
