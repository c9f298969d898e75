import { controllersFlags } from './controllers-flags.ts';
import type { Command } from './run.ts';

export const controllersCommand: Command<typeof controllersFlags> = {
  name: 'controllers',
  summary: 'Reconcile the extension objects of a seed',
  description: `Runs in a seed and reconciles the extension objects that gardenlet creates for Shoots of type metal.
Replicas elect a leader; the others stand by with filled caches. With --webhook-config-server-port every replica serves the
webhooks of seed and shoots, and the leader registers them.`,
  flags: controllersFlags,
  // Loaded only when it runs: other commands do without the memory.
  run: async (values, stop) => (await import('./controllers-run.ts')).runControllers(values, stop),
};
