import { setFlagsFromString } from 'node:v8';
import { admissionFlags } from './admission-flags.ts';
import type { Command } from './run.ts';

export const admissionCommand: Command<typeof admissionFlags> = {
  name: 'admission',
  summary: 'Review what is written to the garden',
  description: `Serves the admission webhooks of the garden: validates Shoots, CloudProfiles, bindings and credentials of type metal,
and sets defaults in Shoots. Every replica serves; a leader renews certificates and registers the webhooks.
With SOURCE_CLUSTER=enabled, Secrets and Lease are in the cluster of the pod, everything else is in the garden.`,
  flags: admissionFlags,
  async run(values, stop) {
    // Of V8's compilers the one in the middle keeps 25 MiB for what it has compiled; the best one comes earlier instead.
    setFlagsFromString('--no-maglev');
    setFlagsFromString('--invocation-count-for-turbofan=1000');
    // Loaded only when it runs: other commands do without the memory.
    await (await import('./admission-run.ts')).runAdmission(values, stop);
  },
};
