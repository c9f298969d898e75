import type { KubeClient } from '../../kube/client.ts';
import { type Clock, sleep } from '../../kube/clock.ts';
import { isAlreadyExists, isNotFound, toError } from '../../kube/errors.ts';
import { leases, microTime } from '../../kube/lease.ts';
import type { Logger } from '../../kube/logger.ts';

/** One for each namespace of an extension; gardenlet looks for this name (gardener-contract 5.5). */
const leaseName = 'gardener-extension-heartbeat';

export interface HeartbeatOptions {
  readonly client: KubeClient;
  readonly namespace: string;
  /** Name of the extension, e.g. `provider-metal`. */
  readonly extension: string;
  readonly intervalSeconds: number;
  readonly clock: Clock;
  readonly log: Logger;
  /** Called after each beat with the time of it. */
  readonly onBeat?: ((renewedMs: number) => void) | undefined;
}

/**
 * Renews the heartbeat Lease until the signal is aborted. Without it gardenlet holds the extension's health reports for
 * outdated. Trouble is logged and tried again at the next beat.
 */
export async function runHeartbeat(options: HeartbeatOptions, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await beat(options, signal).catch((error: unknown) => {
      if (!signal.aborted) options.log.warn({ error: toError(error).message }, 'cannot renew the heartbeat lease');
    });
    await sleep(options.clock, options.intervalSeconds * 1000, signal).catch(() => undefined);
  }
}

async function beat(options: HeartbeatOptions, signal: AbortSignal): Promise<void> {
  const { client, namespace, extension, intervalSeconds, clock } = options;
  const now = clock.now();
  const spec = {
    holderIdentity: extension,
    leaseDurationSeconds: intervalSeconds,
    renewTime: microTime(now),
  };
  const key = { namespace, name: leaseName };
  try {
    await client.mergePatch(leases, key, { spec }, { signal });
  } catch (error) {
    if (!isNotFound(error)) throw error;
    await client.create(leases, { metadata: key, spec }, { signal }).catch((raced: unknown) => {
      if (!isAlreadyExists(raced)) throw raced;
    });
  }
  options.onBeat?.(now);
}
