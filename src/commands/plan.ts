import { planFlags } from './plan-flags.ts';
import type { Command } from './run.ts';

export const planCommand: Command<typeof planFlags> = {
  name: 'plan',
  summary: 'Show what would follow from a Shoot',
  description: `Shows what admission says of a Shoot, and every object and call of metal-api that the extension would make for it, without a
cluster: the rules and the controllers themselves run, on objects in memory. Objects go to standard output, a summary to
standard error; secrets are never shown.

Exit code: 0 planned, and with --diff no differences; 1 differences (--diff); 2 wrong usage, or no plan can be made;
3 refused by admission; 4 allowed, but the extension would fail.

  espalier plan -f shoot.yaml cloudprofile.yaml
  espalier plan -f shoot.yaml --diff --kubeconfig seed.kubeconfig`,
  flags: planFlags,
  // Loaded only when it runs: other commands do without the memory.
  run: async (values, stop) => (await import('./plan-run.ts')).runPlan(values, stop),
};
