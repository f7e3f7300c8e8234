import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['**/*.test.ts', '.ci/*.test.ts'],
    exclude: ['**/node_modules/**'],
    pool: 'forks',
    globalSetup: ['./.ci/test-cache.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ['default', './.ci/count-reporter.ts'],
    coverage: { provider: 'v8', reporter: ['text-summary', 'html'], include: ['contracts', 'detect', 'ingest', 'keys', 'respond', 'roles', 'storage'].map((d) => `${d}/**/*.ts`), exclude: ['**/*.test.ts', '**/*.suite.ts'] },
  },
});
