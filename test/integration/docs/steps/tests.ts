import type { Step } from '../step.ts';

/** Tests are in the real checkout, `make up` is not. */
const listTests = { 'vitest run': 'cd $CHECKOUT && vitest list' };
const runTests = { 'vitest run': 'vitest run --root $CHECKOUT' };

export const testSteps: readonly Step[] = [
  { command: 'vitest run --project unit src/kube/queue.test.ts', fill: runTests, prints: 'passed' },
  {
    command: "vitest run --project integration test/integration/lifecycle.test.ts -t 'after a crash'",
    fill: listTests,
    prints: 'lifecycle.test.ts > after a crash > ',
  },
  {
    command: 'CHAOS_SEED=<seed> vitest run --project integration test/integration/chaos.test.ts',
    fill: { ...listTests, 'CHAOS_SEED=<seed>': 'export CHAOS_SEED=1 &&' },
    prints: 'chaos.test.ts > ',
  },
  {
    command:
      'LANDSCAPE_KUBECONFIG=$PWD/.landscape/garden.kubeconfig LANDSCAPE_SHOOT_KUBECONFIG=$PWD/.landscape/shoot.kubeconfig ' +
      'vitest run --project integration test/integration/kube-client.test.ts',
    fill: runTests,
    // As much as shows that nothing else is started.
    more: "-t 'by a dry run'",
    prints: '1 passed',
  },
];
