import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { version } from './version.ts';

/** A registry of its own, never prom-client's global one, with the figures of process and runtime in it, and which build it is. */
export function createRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const build = new Gauge({
    name: 'espalier_build_info',
    help: 'Always 1, with the version of the program',
    labelNames: ['version'],
    registers: [registry],
  });
  build.set({ version }, 1);
  return registry;
}
