import { demoRun } from '../../loadtest/demo/run.ts';
import { stopSignal } from './up.ts';
import { UsageError } from '../usage-error.ts';

function count(text: string, name: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new UsageError(`--${name} must be a whole number from 1`);
  return value;
}

export async function demo(options: { readonly exit?: true; readonly seed: string; readonly visits: string }): Promise<number> {
  return await demoRun({ seed: count(options.seed, 'seed'), visits: count(options.visits, 'visits'), exit: options.exit === true, stopped: stopSignal() });
}
