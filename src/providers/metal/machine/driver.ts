import type { Clock } from '../../../kube/clock.ts';
import type { Logger } from '../../../kube/logger.ts';
import { type MachineDriver, MachineError, type MachineInstance, type MachineRequest } from '../../machine.ts';
import type { MetalApi } from '../metal-api/client.ts';
import { isMetalApiError } from '../metal-api/errors.ts';
import type { MetalApiRegistry } from '../metal-api/registry.ts';
import type { Machine } from '../metal-api/types.ts';
import { CLUSTER_ID } from '../tags.ts';
import { isWhollyOf } from '../worker/force-delete.ts';
import { metalApiOf } from './access.ts';
import { toMachineError } from './errors.ts';
import { orderOf } from './order.ts';
import { machineIDOf, providerIDOf } from './provider-id.ts';
import { type ProviderSpec, providerSpecOf } from './provider-spec.ts';
import { createUnanswered, type Unanswered } from './unanswered.ts';
import { volumeIDsOf } from './volumes.ts';

export interface MetalMachineDriverOptions {
  readonly metalApis: MetalApiRegistry;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What a call works with. */
interface Scene {
  readonly api: MetalApi;
  readonly spec: ProviderSpec;
  readonly signal: AbortSignal;
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

    create: (request) =>
      within(request, async (scene) => {
        const { machine, userData } = request;
        const { name } = machine.metadata;
        const [known] = await find(scene, name);
        if (known) {
          log.info({ machine: name, id: known.id }, 'adopted a machine that an earlier try has made');
          return instanceOf(known);
        }
        if (!userData?.trim())
          throw new MachineError('InvalidArgument', 'there is no user data to start a machine with');
        return instanceOf(await allocate(scene, name, userData, unanswered));
      }),

    delete: (request) =>
      within(request, async (scene) => {
        const { metadata, spec } = request.machine;
        const { name } = metadata;
        for (const { id } of await find(scene, name, spec.providerID)) {
          await scene.api.freeMachine(id, { signal: scene.signal });
          log.info({ machine: name, id }, 'freed');
        }
        refuseWhileUnanswered(scene, name, unanswered);
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

const keyOf = ({ spec }: Scene, name: string): string => `${spec.clusterID}/${name}`;

function recordedIDOf(providerID: string | undefined): string | undefined {
  if (!providerID) return undefined;
  const id = machineIDOf(providerID);
  if (id) return id;
  throw new MachineError('InvalidArgument', `${JSON.stringify(providerID)} is no provider id of metal`);
}

/** Workers of this cluster and of no other, `hostname` only when given. Firewalls have the cluster's tag, too. */
async function findAll({ api, spec, signal }: Scene, hostname?: string): Promise<Machine[]> {
  const { clusterID, project, partition } = spec;
  const found = await api.findMachines(
    {
      allocation_project: project,
      tags: [`${CLUSTER_ID}=${clusterID}`],
      allocation_role: 'machine',
      ...(hostname === undefined ? {} : { allocation_hostname: hostname }),
    },
    { signal },
  );
  const scope = { projectID: project, partitionID: partition, clusterID };
  return found.filter((machine) => machine.allocation?.role === 'machine' && isWhollyOf(machine, scope));
}

/** The oldest first. */
async function findByName(scene: Scene, name: string): Promise<Machine[]> {
  const ageOf = ({ allocation }: Machine) => Date.parse(allocation?.created ?? '') || 0;
  const found = await findAll(scene, name);
  return found
    .filter(({ allocation }) => allocation?.hostname === name)
    .sort((one, other) => ageOf(one) - ageOf(other) || (one.id < other.id ? -1 : 1));
}

async function allocate(scene: Scene, name: string, userData: string, unanswered: Unanswered): Promise<Machine> {
  const { api, spec, signal } = scene;
  refuseWhileUnanswered(scene, name, unanswered);
  const key = keyOf(scene, name);
  unanswered.add(key);
  try {
    const machine = await api.allocateMachine(orderOf(spec, name, userData), { signal });
    unanswered.remove(key);
    return machine;
  } catch (error) {
    if (saysNothingWasTaken(error)) unanswered.remove(key);
    throw error;
  }
}

/** An answer above 500 comes from a proxy, which may have given metal-api up in the middle. */
function saysNothingWasTaken(error: unknown): boolean {
  if (!isMetalApiError(error)) return false;
  const { kind, status = 0 } = error;
  return kind !== 'outcome-unknown' && kind !== 'bad-answer' && status <= 500;
}

function refuseWhileUnanswered(scene: Scene, name: string, unanswered: Unanswered): void {
  const remainingMs = unanswered.remainingMs(keyOf(scene, name));
  if (remainingMs === 0) return;
  const text = `an order of ${name} was not answered; its outcome is waited for ${Math.ceil(remainingMs / 1000)} s more`;
  throw new MachineError('Unavailable', text);
}

function instanceOf({ id, partition, allocation }: Machine): MachineInstance {
  if (partition?.id && allocation?.hostname) {
    return { providerID: providerIDOf(partition.id, id), nodeName: allocation.hostname };
  }
  throw new MachineError('Internal', `metal-api did not say partition and hostname of machine ${id}`);
}
