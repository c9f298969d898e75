import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.ts';

export default defineConfig({
  test: {
    pool: 'threads',
    isolate: false,
    // Integration tests wait more than they compute, so also on two cores. No more: each API server takes six of the 128
    // inotify instances that Linux gives a user, and a file may have three of them.
    maxWorkers: 5,
    sequence: { sequencer: LongestFirst },
    reporters: ['default', ...(process.env.TEST_REPORT ? ['json'] : [])],
    ...(process.env.TEST_REPORT ? { outputFile: { json: process.env.TEST_REPORT } } : {}),
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'landscape/**/*.test.ts'],
          // Some start processes, which a busy machine is slow to do.
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          globalSetup: ['test/integration/setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
