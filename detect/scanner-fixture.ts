import { loadPolicies } from './fields/load.ts';
import { loadNative } from './native/binding.ts';
import { loadPack } from './pack/load.ts';
import { createScanner } from './scanner.ts';
import type { Scanner } from './scanner.ts';

/** Where this run of the tests keeps compiled patterns: the shipped ones take seconds, and many files of tests need them. */
export const TEST_CACHE: string | undefined = process.env['TOURNIQUET_CACHE'];

/** A scanner of the shipped signatures and policies. */
export async function shippedScanner(): Promise<Scanner> {
  return createScanner((await loadPack()).signatures, [], await loadNative(), TEST_CACHE, await loadPolicies());
}
