import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['**/*.test.ts', '.ci/*.test.ts'],
    exclude: ['**/node_modules/**'],
    pool: 'forks',
    // Half of what the tests take is waiting: for brokers, clocks, processes killed.
    maxWorkers: 2,
    // Threads of a test that end may take V8 with them otherwise: roles/hunt/hunt-threads.ts says why.
    execArgv: ['--wasm-wrapper-tiering-budget=1000000000'],
    globalSetup: ['./.ci/test-cache.ts'],
    // For what hangs: no test is decided by how fast a machine is.
    testTimeout: 1_200_000,
    hookTimeout: 1_200_000,
    expect: { poll: { timeout: 240_000 } },
    reporters: ['default', './.ci/count-reporter.ts'],
    coverage: { provider: 'v8', reporter: ['text-summary', 'html'], include: ['contracts', 'detect', 'ingest', 'keys', 'respond', 'roles', 'storage'].map((d) => `${d}/**/*.ts`), exclude: ['**/*.test.ts', '**/*.suite.ts'] },
  },
});
