import { systemClock } from '../../src/kube/clock.ts';
import { createHolder, isProvablyDead } from '../../src/kube/holder.ts';
import { createKubeClient } from '../../src/kube/http-client.ts';
import { runAsLeader } from '../../src/kube/leader.ts';
import { createLogger } from '../../src/telemetry/log.ts';

/** A candidate in a process of its own: prints `leading <ms since start>` and works until it is ended. */
const [kubeconfig, namespace = '', name = ''] = process.argv.slice(2);
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
const alive = setInterval(() => undefined, 1000);
const holder = createHolder();
const client = createKubeClient({ kubeconfig });
const began = performance.now();
try {
  await runAsLeader({
    client,
    namespace,
    name,
    identity: holder.identity,
    isDead: (other) => isProvablyDead(other, holder),
    clock: systemClock,
    log: createLogger({ name, level: 'info', format: 'text' }),
    signal: stop.signal,
    async lead(signal) {
      process.stdout.write(`leading ${Math.round(performance.now() - began)}\n`);
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    },
  });
} finally {
  clearInterval(alive);
  await client.close();
}
