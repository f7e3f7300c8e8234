import process from 'node:process';
import type { Reporter, TestModule } from 'vitest/node';

/**
 * Closes the run with one plain line of counts. Where nobody can install what is missing (CI=true), a skipped test is a
 * failure: green because something was skipped is red.
 */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = { passed: 0, failed: 0, skipped: 0 };
    for (const module of modules) {
      let broken = module.errors().length > 0;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'pending') broken = true;
        else counts[state] += 1;
        if (state === 'skipped') process.stdout.write(`skipped: ${module.relativeModuleId} > ${test.fullName}\n`);
      }
      if (broken) counts.failed += 1;
    }
    process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
    if (process.env['CI'] === 'true' && counts.skipped > 0) {
      process.stdout.write('With CI=true a skipped test is a failure.\n');
      process.exitCode = 1;
    }
  }
}
