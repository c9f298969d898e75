import type { KubeClient } from '../../src/kube/client.ts';
import type { Clock } from '../../src/kube/clock.ts';
import { createDelay } from '../../src/kube/delay.ts';
import type { Logger } from '../../src/kube/logger.ts';
import { createKeyed } from '../gardenlet/keyed.ts';
import { matches } from '../metal-api/http/pattern.ts';
import type { BootedMachine, HardwareEvent, HardwareKnobs } from '../metal-api/machine/hardware.ts';
import { createFirewallController } from './firewall-controller.ts';
import { followHardware } from './follow.ts';
import { createKubelet } from './kubelet.ts';
import type { Scene, System } from './system.ts';
import { tagValue } from './tag.ts';

export interface HardwareOptions {
  /** The simulator's own handle, e.g. `http://127.0.0.1:1234/_simulator`. Its knob `hardware` decides how machines run. */
  readonly control: string;
  /** API of the cluster with this id, the UID of its Shoot; undefined while there is none. */
  readonly shootOf: (clusterID: string) => KubeClient | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  /** Ends it. What runs keeps running when it is started again. */
  readonly signal: AbortSignal;
  /** Between renewals of a Node's Lease, default 10,000, and between reports of a firewall, default 30,000. */
  readonly leaseMs?: number;
  readonly reportMs?: number;
}

/** A machine whose installed system runs. */
interface Running {
  readonly machine: BootedMachine;
  readonly system: System;
  isOff: boolean;
}

const BACKOFF = { baseMs: 200, maxMs: 10_000 };

/**
 * Plays what is installed on the simulator's machines, one loop for all: workers join their shoot as Nodes, firewalls
 * report to their FirewallMonitor. Resolves after the signal was aborted. Never rejects.
 */
export async function runHardware(options: HardwareOptions): Promise<void> {
  const { clock, log, signal, shootOf } = options;
  const { leaseMs = 10_000, reportMs = 30_000 } = options;
  /** By id and hostname: freed hardware may run as another machine before all is done for the first. */
  const running = new Map<string, Running>();
  let knobs: HardwareKnobs = [];

  const keyed = createKeyed({
    async run(key, ended) {
      const item = running.get(key);
      if (!item) return;
      const { machine, system } = item;
      if (item.isOff) {
        await system.off(sceneOf(machine, ended));
        // Unless it runs again meanwhile.
        if (running.get(key) === item) running.delete(key);
        return;
      }
      const knob = knobs.find(({ hostname }) => matches(hostname, machine.hostname));
      await system.keep(sceneOf(machine, ended), knob?.runs ?? 'well');
      delay.add(key, machine.role === 'machine' ? leaseMs : reportMs);
    },
    backoff: BACKOFF,
    onError: (key, error) => log.warn({ machine: key, err: error }, 'The machine tries again'),
    ...{ clock, signal },
  });
  const delay = createDelay(clock, (key) => keyed.trigger(key));

  const sceneOf = ({ tags }: BootedMachine, ended: AbortSignal): Scene => {
    const clusterID = tagValue(tags, 'cluster.metal-stack.io/id') ?? '';
    const shoot = shootOf(clusterID);
    if (!shoot) throw new Error(`there is no API server of cluster ${JSON.stringify(clusterID)}`);
    return { shoot, clock, signal: ended };
  };
  const stop = (id: string): void => {
    for (const [key, item] of running) {
      if (item.machine.id !== id || item.isOff) continue;
      item.isOff = true;
      log.info({ machine: item.machine.hostname, id }, 'is off');
      keyed.trigger(key, { supersede: true });
    }
  };
  /** Ids of those that were told of since the stream began. */
  let told = new Set<string>();
  const boot = (machine: BootedMachine): void => {
    told.add(machine.id);
    const key = `${machine.id}/${machine.hostname}`;
    if (running.get(key)?.isOff === false) return;
    const system = machine.role === 'machine' ? createKubelet(machine) : createFirewallController(machine);
    running.set(key, { machine, system, isOff: false });
    log.info({ machine: machine.hostname, id: machine.id, role: machine.role }, 'runs');
    keyed.trigger(key, { supersede: true });
  };
  const onEvent = (event: HardwareEvent): void => {
    if (event.type === 'booted') boot(event.machine);
    else if (event.type === 'stopped') stop(event.id);
    else if (event.type === 'knobs') turnKnobs(event.hardware);
    else for (const { machine } of running.values()) if (!told.has(machine.id)) stop(machine.id);
  };
  const turnKnobs = (hardware: HardwareKnobs): void => {
    if (JSON.stringify(hardware) === JSON.stringify(knobs)) return;
    knobs = hardware;
    for (const key of running.keys()) keyed.trigger(key);
  };

  await followHardware(
    options,
    () => {
      told = new Set();
    },
    onEvent,
  );
  await keyed.drained();
  delay.clear();
}
