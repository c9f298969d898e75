import { randomInt } from 'node:crypto';
import type { Machine } from '../../apis/machine/machine.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../kube/clock.ts';
import { type Controller, type ControllerMetrics, createController } from '../../kube/controller.ts';
import type { Informer } from '../../kube/lister.ts';
import type { Logger } from '../../kube/logger.ts';
import { keyOf, parseKey } from '../../kube/object.ts';
import type { MachineDriver } from '../../providers/machine.ts';
import { createControlCaches, createTargetCaches, informersOf, secretNamesOf } from './caches.ts';
import type { MachineContext } from './context.ts';
import { createElapsed } from './elapsed.ts';
import { type Freeze, guardApiServers } from './freeze.ts';
import { holdClass, holdSecret } from './hold.ts';
import { createHoldOff } from './hold-off.ts';
import { type Lane, laneOf, lanes } from './lane.ts';
import { classRefOf } from './machine-class.ts';
import type { MachineGauges } from './metrics.ts';
import { type DriverMetrics, observed } from './observed-driver.ts';
import { collectOrphans } from './orphan-collector.ts';
import { createReconcile } from './reconcile.ts';
import { createSecretData } from './secret-data.ts';
import type { MachineSettings } from './settings.ts';

export interface MachineControllerOptions {
  /** Of the Machines and all that belongs to them. */
  readonly namespace: string;
  /** Where the Machines are. */
  readonly control: KubeClient;
  /** The cluster that they join; undefined when there is none. */
  readonly target: KubeClient | undefined;
  readonly driver: MachineDriver;
  readonly settings: MachineSettings;
  /** How many machines are worked on at once, of those to be made, looked after and given back each. */
  readonly workers: number;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics?: {
    readonly driver: DriverMetrics;
    controller(name: string): ControllerMetrics;
  };
}

/** The controller of machines: its informers run in every replica, the rest in the leader only. */
export interface MachineController extends MachineGauges {
  readonly informers: readonly Informer<never>[];
  /** To be called when the replica leads. */
  lead(signal: AbortSignal): Promise<void>;
}

/** The longest time of one run; a driver may need minutes to say that it has ordered a machine. */
const deadlineMs = 10 * 60_000;
/** First and longest wait before a failed run is repeated. */
const backoff = { baseMs: 200, capMs: 60_000 };
const randomSteps = 2 ** 32;

/**
 * The half of machine-controller-manager that makes machines of Machines; MCM itself makes Machines of MachineDeployments
 * (metal-components F.1).
 */
export function createMachineController(options: MachineControllerOptions): MachineController {
  const { namespace, control, target: client, clock, log, metrics } = options;
  const controlCaches = createControlCaches({ client: control, namespace, clock, log });
  const target = client && { client, ...createTargetCaches({ client, clock, log }) };
  const freeze: Freeze = { frozen: false };
  const context: MachineContext = {
    ...controlCaches,
    namespace,
    control,
    target,
    driver: observed(options.driver, clock, metrics?.driver),
    settings: options.settings,
    secretData: createSecretData(control, controlCaches, namespace),
    clock,
    random: () => randomInt(randomSteps) / randomSteps,
    elapsed: createElapsed(clock),
    holdOff: createHoldOff(clock),
    drains: new Map(),
    givingUp: new Set(),
    busy: new Set(),
    unhealthy: new Set(),
    isFrozen: () => freeze.frozen,
  };
  const informers = [...informersOf(controlCaches), ...(target ? informersOf({ nodes: target.nodes }) : [])];
  return {
    informers,
    machines: () => context.machines.list(namespace),
    isFrozen: () => freeze.frozen,
    async lead(signal) {
      const inLanes = lanes.map((lane) => laneController(context, lane, options));
      const others = holdersOf(context, options);
      const onThaw = () => {
        const keys = keysOf(context.machines.list(namespace));
        for (const controller of inLanes) for (const key of keys) controller.enqueue(key);
      };
      const loops = async () => {
        await Promise.all(informers.map((informer) => informer.waitForSync(signal)));
        await Promise.all([
          collectOrphans(context, log, signal),
          target && guardApiServers(context, freeze, onThaw, log, signal),
        ]);
      };
      const looping = loops().catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
      await Promise.all([...[...inLanes, ...others].map((controller) => controller.run(signal)), looping]);
    },
  };
}

const keysOf = (objects: readonly Machine[]): readonly string[] => objects.map(({ metadata }) => keyOf(metadata));

function laneController(context: MachineContext, lane: Lane, options: MachineControllerOptions): Controller {
  const { machines, classes, secrets, target } = context;
  const controller = controllerOf(`machine-${lane}`, createReconcile(context, lane), options);
  const inLane = (keys: readonly string[]) => keys.filter((key) => laneOf(machines.get(parseKey(key))) === lane);
  const ofClass = (name: string) => inLane(keysOf(machines.byIndex('class', name)));
  controller.watch(machines.informer, ({ object }) => inLane([keyOf(object.metadata)]));
  controller.watch(classes.informer, ({ object }) => ofClass(object.metadata.name));
  controller.watch(secrets.informer, ({ object }) =>
    classes.byIndex('secret', object.metadata.name).flatMap(({ metadata }) => ofClass(metadata.name)),
  );
  if (target) {
    controller.watch(target.nodes.informer, ({ object }) =>
      inLane(keysOf(machines.byIndex('node', object.metadata.name))),
    );
  }
  return controller;
}

/** Classes and Secrets are held by finalizers while they are needed. */
function holdersOf(context: MachineContext, options: MachineControllerOptions): readonly Controller[] {
  const { machines, classes, secrets, namespace } = context;
  const ofClasses = controllerOf('machineclass', (key, signal) => holdClass(context, key, signal), options);
  ofClasses.watch(classes.informer, ({ object }) => [keyOf(object.metadata)]);
  ofClasses.watch(machines.informer, (event) =>
    event.type === 'update' ? [] : [keyOf({ namespace, name: classRefOf(event.object).name })],
  );
  const ofSecrets = controllerOf('secret', (key, signal) => holdSecret(context, key, signal), options);
  ofSecrets.watch(secrets.informer, ({ object }) => [keyOf(object.metadata)]);
  ofSecrets.watch(classes.informer, (event) =>
    [event.object, ...(event.type === 'update' ? [event.old] : [])]
      .flatMap(secretNamesOf)
      .map((name) => keyOf({ namespace, name })),
  );
  return [ofClasses, ofSecrets];
}

function controllerOf(
  name: string,
  reconcile: Parameters<typeof createController>[0]['reconcile'],
  { workers, clock, log, metrics }: MachineControllerOptions,
): Controller {
  const controllerMetrics = metrics?.controller(name);
  return createController({
    ...{ name, reconcile, workers, deadlineMs, clock, log },
    queue: { backoff },
    ...(controllerMetrics && { metrics: controllerMetrics }),
  });
}
