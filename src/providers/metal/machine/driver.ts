import type { Clock } from '../../../kube/clock.ts';
import type { Logger } from '../../../kube/logger.ts';
import { type MachineDriver, MachineError, type MachineInstance, type MachineRequest } from '../../machine.ts';
import type { MetalApiRegistry } from '../metal-api/registry.ts';
import type { Machine } from '../metal-api/types.ts';
import { metalApiOf, secretOf } from './access.ts';
import { allocate, keyOf, refuseWhileUnanswered } from './allocate.ts';
import { toMachineError } from './errors.ts';
import { machineIDOf, providerIDOf } from './provider-id.ts';
import { providerSpecOf } from './provider-spec.ts';
import { findAll, findByName, type Scene } from './scene.ts';
import { createUnanswered, SETTLED_AFTER_MS } from './unanswered.ts';
import { volumeIDsOf } from './volumes.ts';

export interface MetalMachineDriverOptions {
  readonly metalApis: MetalApiRegistry;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Machines of metal-stack (metal-components E). A Machine's machine is always found by project, tag of the cluster, and
 * name: metal-api gives hardware to the next one at once, so an id alone may lead to what is another Machine's by now.
 */
export function createMetalMachineDriver({ metalApis, clock, log }: MetalMachineDriverOptions): MachineDriver {
  const unanswered = createUnanswered(clock);

  const within = async <T>(
    request: Omit<MachineRequest, 'machine'>,
    work: (scene: Scene) => Promise<T>,
  ): Promise<T> => {
    const { machineClass, secret, signal } = request;
    try {
      return await work({
        spec: providerSpecOf(machineClass.providerSpec),
        api: metalApiOf(secret, metalApis),
        signal,
      });
    } catch (error) {
      throw toMachineError(error, signal);
    }
  };
  /** Machines of the name, the oldest first; only the recorded one when there is a record. */
  const find = async (scene: Scene, name: string, providerID?: string): Promise<readonly Machine[]> => {
    const recorded = recordedIDOf(providerID);
    const found = await findByName(scene, name);
    if (found.length > 1) {
      const machines = found.map(({ id }) => id);
      log.warn(
        { machine: name, machines },
        'metal-api has several machines of one name, the orphan collection decides',
      );
    }
    if (found.length > 0) unanswered.remove(keyOf(scene, name));
    return recorded === undefined ? found : found.filter(({ id }) => id === recorded);
  };

  return {
    provider: 'metal',
    settleMs: SETTLED_AFTER_MS,
    secretOf,

    create: (request) =>
      within(request, async (scene) => {
        const { machine, userData } = request;
        const { name } = machine.metadata;
        const remainingMs = unanswered.remainingMs(keyOf(scene, name));
        const [known] = await find(scene, name);
        if (known) {
          log.info({ machine: name, id: known.id }, 'adopted a machine that an earlier try has made');
          return instanceOf(known);
        }
        if (!userData?.trim())
          throw new MachineError('InvalidArgument', 'there is no user data to start a machine with');
        refuseWhileUnanswered(name, remainingMs);
        return instanceOf(await allocate(scene, name, userData, unanswered));
      }),

    delete: (request) =>
      within(request, async (scene) => {
        const { metadata, spec } = request.machine;
        const { name } = metadata;
        const remainingMs = unanswered.remainingMs(keyOf(scene, name));
        const found = await find(scene, name, spec.providerID);
        for (const { id } of found) {
          await scene.api.freeMachine(id, { signal: scene.signal });
          log.info({ machine: name, id }, 'freed');
        }
        if (found.length === 0) refuseWhileUnanswered(name, remainingMs);
      }),

    status: (request) =>
      within(request, async (scene) => {
        const { metadata, spec } = request.machine;
        const { name } = metadata;
        const [known] = await find(scene, name, spec.providerID);
        if (known) return instanceOf(known);
        throw new MachineError('NotFound', `metal-api has no machine ${name} of this cluster`);
      }),

    list: (request) =>
      within(request, async (scene) => {
        const machines = await findAll(scene);
        return new Map(machines.map(instanceOf).map(({ providerID, nodeName }) => [providerID, nodeName]));
      }),

    volumeIDs: async (specs) => volumeIDsOf(specs),
  };
}

function recordedIDOf(providerID: string | undefined): string | undefined {
  if (!providerID) return undefined;
  const id = machineIDOf(providerID);
  if (id) return id;
  throw new MachineError('InvalidArgument', `${JSON.stringify(providerID)} is no provider id of metal`);
}

function instanceOf({ id, partition, allocation }: Machine): MachineInstance {
  if (partition?.id && allocation?.hostname) {
    return { providerID: providerIDOf(partition.id, id), nodeName: allocation.hostname };
  }
  throw new MachineError('Internal', `metal-api did not say partition and hostname of machine ${id}`);
}
