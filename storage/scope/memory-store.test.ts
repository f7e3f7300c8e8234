import { describe } from 'vitest';
import { memorySuiteStore, scopeStoreSuite } from './scope-store.suite.ts';

describe('a trail in memory', () => {
  scopeStoreSuite(memorySuiteStore);
});
