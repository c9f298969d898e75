import { cloudProfile } from '../apis/core/cloud-profile.ts';
import type { ControllerConfiguration } from '../apis/metal/controller-configuration.ts';
import { type ManagedResource, managedResources } from '../apis/resources/managed-resource.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Clock } from '../kube/clock.ts';
import type { Logger } from '../kube/logger.ts';
import { createMemoryClient } from '../kube/memory/client.ts';
import type { MemoryStore } from '../kube/memory/store.ts';
import type { DefaultOptions } from '../providers/metal/admission/default-options.ts';
import type { Images } from '../providers/metal/images.ts';
import type { Manifests } from '../providers/metal/manifests/manifests.ts';
import { createMetalProvider } from '../providers/metal/provider.ts';
import { assumedConfiguration } from './assumed-configuration.ts';
import { deliveredObjects } from './delivered.ts';
import { InputError } from './documents.ts';
import { type Environment, environmentOf, namespaceOf } from './environment.ts';
import { createExtension } from './extension.ts';
import { createGardenlet } from './gardenlet-writes.ts';
import type { PlanInput } from './input.ts';
import { readLive } from './live.ts';
import { createPlannedMetalApi, type MetalApiCall, readMetalApiState } from './metal-api.ts';
import { assumedMetalApi } from './metal-api-assumed.ts';
import { type PlannedObject, plannedObjects } from './objects.ts';
import type { Step } from './step.ts';
import { admit, type Verdict } from './verdict.ts';

export interface PlanOptions {
  readonly input: PlanInput;
  /** Empty; takes up what everyone writes. */
  readonly store: MemoryStore;
  /** The operator's file; undefined when it is not given. */
  readonly config: ControllerConfiguration | undefined;
  readonly defaults: DefaultOptions;
  readonly images: Images;
  readonly manifests: Manifests;
  /** What a node network is given, the first of each family. */
  readonly nodeCIDRs: readonly string[];
  /** Host of the seed's API server as pods are told it. */
  readonly seedApiHost: string;
  /** The seed to begin with; it is only read. Without it, there is what the input has. */
  readonly seed?: Pick<KubeClient, 'find' | 'list'> | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** What would follow from a Shoot. */
export interface Plan {
  readonly verdict: Verdict;
  /** What is not given, and had to be assumed. */
  readonly assumptions: readonly string[];
  readonly steps: readonly Step[];
  readonly metalApiCalls: readonly MetalApiCall[];
  /** Everything that the extension writes. */
  readonly objects: readonly PlannedObject[];
}

/**
 * Runs the rules of admission, then gardenlet's part in memory and the actuators of the controllers in Gardener's order.
 * Throws InputError for input that no plan can be made from.
 */
export async function makePlan(options: PlanOptions): Promise<Plan> {
  const { input, store, clock, log, signal, seed } = options;
  const assumptions: string[] = [];
  const assume = (what: string) => void assumptions.push(what);
  const namespace = namespaceOf(input, assume);
  const live = seed && (await readLive(seed, namespace, signal));
  const environment = environmentOf(input, namespace, live, assume);
  const metalApi = createPlannedMetalApi(
    input.metalApiState ? readMetalApiState(input.metalApiState) : assumedMetalApi(environment.shoot, live, assume),
    options.nodeCIDRs,
  );
  const config = options.config ?? (live ? {} : assumedConfiguration(input.shoot, assume));
  const provider = createMetalProvider({ ...options, config, metalApis: metalApi.registry });
  const { type } = environment.shoot.spec.provider;
  if (type !== provider.type) throw new InputError(`the Shoot is of type ${type}, plans are for type ${provider.type}`);
  const verdict = await admit(
    { provider, clock, shoot: environment.shoot, old: live?.shoot, ...givenWith(environment, input) },
    signal,
  );
  if (verdict.faults.length > 0) return { verdict, assumptions: [], steps: [], metalApiCalls: [], objects: [] };

  for (const object of [...input.existing, ...input.secrets]) store.put(object);
  const base = seed && { client: seed, namespace };
  const client = createMemoryClient({ store, writer: 'extension', base });
  const gardenlet = createGardenlet(
    createMemoryClient({ store, writer: 'gardenlet', base }),
    { ...environment, shoot: verdict.shoot },
    assume,
  );
  const extension = createExtension({ provider, client, clock, log, signal });
  const key = { namespace, name: input.shoot.metadata.name };
  const steps = await inOrder([
    () => gardenlet.beforeInfrastructure().then(() => extension.infrastructure(key)),
    () => gardenlet.beforeControlPlane().then(() => extension.controlPlane(key)),
    async () => {
      await deliver(client, store, namespace);
      await gardenlet.beforeWorker();
      return extension.worker(key);
    },
  ]);
  const objects = await plannedObjects(store, client);
  return { verdict, assumptions, steps, metalApiCalls: metalApi.calls, objects };
}

/** gardenlet goes on when an extension object is ready, and not before. */
async function inOrder(runs: readonly (() => Promise<Step>)[]): Promise<readonly Step[]> {
  const steps: Step[] = [];
  for (const run of runs) {
    const step = await run();
    steps.push(step);
    if (step.error) break;
  }
  return steps;
}

/** The Worker finds in the seed what gardener-resource-manager has brought there for the ControlPlane. */
async function deliver(client: KubeClient, store: MemoryStore, namespace: string): Promise<void> {
  const { items } = await client.list<ManagedResource>(managedResources, { namespace });
  for (const resource of items.filter(({ spec }) => spec?.class === 'seed')) {
    for (const object of await deliveredObjects(client, resource)) store.put(object);
  }
}

/** What the garden has already has been reviewed there. */
function givenWith({ profile, credentials }: Environment, { garden }: PlanInput) {
  const { name } = profile.metadata;
  const { data, error } = cloudProfile.safeParse(profile);
  const [issue] = error?.issues ?? [];
  if (issue) throw new InputError(`CloudProfile ${name} cannot be read: ${issue.path.join('.')}: ${issue.message}`);
  const isGiven = garden.get('CloudProfile')?.some(({ metadata }) => metadata.name === name);
  return { profile: data, givenProfile: isGiven ? data : undefined, credentials: credentials?.data };
}
