import { doctorFlags } from './doctor-flags.ts';
import type { Command } from './run.ts';

export const doctorCommand: Command<typeof doctorFlags> = {
  name: 'doctor',
  summary: 'Compare metal-api with the clusters of seeds',
  description: `Compares what metal-api holds with all clusters of one or several seeds, and looks for what is left over, stuck, stale or
about to expire, in their gardens too. Nothing is written without --fix --yes. Secrets are never shown.

Exit code: 0 healthy; 1 something is to be done; 2 wrong usage, or not everything could be looked at (then nothing is fixed).

  espalier doctor --kubeconfig seed.kubeconfig
  espalier doctor --kubeconfig fra-1=fra-1.kubeconfig --kubeconfig fra-2=fra-2.kubeconfig --garden-kubeconfig garden.kubeconfig --fix`,
  flags: doctorFlags,
  // Loaded only when it runs: other commands do without the memory.
  run: async (values, stop) => (await import('./doctor-run.ts')).runDoctor(values, stop),
};
