import type { KubeObject } from '../../src/kube/object.ts';
import { defineResource } from '../../src/kube/resource.ts';
import { timestamp } from '../../src/kube/timestamp.ts';
import type { BootedMachine } from '../metal-api/machine/hardware.ts';
import type { System } from './system.ts';

interface FirewallMonitor extends KubeObject {
  controllerStatus?: { controllerVersion?: string; lastRun?: string; lastRunAgainstSeed?: string };
}

export const firewallMonitors = defineResource<FirewallMonitor>({
  group: 'firewall.metal-stack.io',
  version: 'v2',
  kind: 'FirewallMonitor',
  plural: 'firewallmonitors',
  namespaced: true,
});

/** Nothing is filtered here, so there is nothing to count. */
const STATS = { rules: {}, devices: {}, idsStats: {} };

/**
 * What firewall-controller reports of itself (metal-components B.12): firewall-controller-manager takes it for connected when
 * both times are young enough, two and three minutes (C.10). `keep` throws NotFound until the manager has made the monitor.
 */
export function createFirewallController({ hostname: name }: BootedMachine): System {
  return {
    async keep({ shoot, clock, signal }, runs) {
      if (runs !== 'well') return;
      const now = timestamp(clock.now());
      const controllerStatus = {
        message: `updated firewall monitor resource at ${now}`,
        controllerVersion: 'v2.4.0',
        stats: STATS,
        ...{ lastRun: now, lastRunAgainstSeed: now, distance: 0, distanceSupported: false },
      };
      await shoot.mergePatch(firewallMonitors, { namespace: 'firewall', name }, { controllerStatus }, { signal });
    },
    off: async () => {},
  };
}
