import type { Machine } from '../../apis/machine/machine.ts';
import type { Clock } from '../../kube/clock.ts';
import { type Controller, type ControllerMetrics, createController, type Reconcile } from '../../kube/controller.ts';
import type { Logger } from '../../kube/logger.ts';
import { keyOf, parseKey } from '../../kube/object.ts';
import { secretNamesOf } from './caches.ts';
import type { MachineContext } from './context.ts';
import { holdClass, holdSecret } from './hold.ts';
import { type Lane, laneOf } from './lane.ts';
import { classRefOf } from './machine-class.ts';
import { createReconcile } from './reconcile.ts';

export interface WorkerOptions {
  /** How many machines are worked on at once, of those to be made, looked after and given back each. */
  readonly workers: number;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics?: { controller(name: string): ControllerMetrics };
}

/** The longest time of one run; a driver may need minutes to say that it has ordered a machine. */
const deadlineMs = 10 * 60_000;
/** First and longest wait before a failed run is repeated. */
const backoff = { baseMs: 200, capMs: 60_000 };

export const keysOf = (objects: readonly Machine[]): readonly string[] =>
  objects.map(({ metadata }) => keyOf(metadata));

/** For one lane of the Machines. */
export function laneController(context: MachineContext, lane: Lane, options: WorkerOptions): Controller {
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
export function holdersOf(context: MachineContext, options: WorkerOptions): readonly Controller[] {
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

function controllerOf(name: string, reconcile: Reconcile, { workers, clock, log, metrics }: WorkerOptions): Controller {
  const controllerMetrics = metrics?.controller(name);
  return createController({
    ...{ name, reconcile, workers, deadlineMs, clock, log },
    queue: { backoff },
    ...(controllerMetrics && { metrics: controllerMetrics }),
  });
}
