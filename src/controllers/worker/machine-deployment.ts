import type { MachineControllerManagerSettings } from '../../apis/extensions/worker.ts';
import { canonicalGoDuration } from '../../apis/go-duration.ts';
import type {
  MachineConfiguration,
  MachineDeployment,
  MachineDeploymentStrategy,
  MachineSpec,
} from '../../apis/machine/machine.ts';
import { patchOfFields, patchOfWhole } from '../../kube/merge-patch.ts';
import { autoscalerAnnotations } from './annotations.ts';
import { workerLabel } from './in-place.ts';
import { isInPlace } from './pool-hash.ts';
import type { WantedDeployment } from './wanted.ts';

const poolLabel = 'worker.gardener.cloud/pool';

/** A MachineDeployment as it must be (gardener-contract 2.6); null marks an annotation that must not be there. */
interface DesiredDeployment {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string | null>>;
  readonly templateLabels: Readonly<Record<string, string>>;
  readonly templateSpec: MachineSpec;
  readonly strategy: MachineDeploymentStrategy;
  readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly numbers: { minReadySeconds: number; revisionHistoryLimit: number; autoPreserveFailedMachineMax?: number };
}

function desiredDeployment(wanted: WantedDeployment, worker: string): DesiredDeployment {
  const { name, pool, preserveFailedMax } = wanted;
  return {
    labels: { [poolLabel]: pool.name },
    annotations: autoscalerAnnotations(pool.clusterAutoscaler),
    templateLabels: { name, ...(isInPlace(pool) ? { [workerLabel]: worker } : {}) },
    templateSpec: machineSpec(wanted),
    strategy: strategyOf(wanted),
    selector: { matchLabels: { name } },
    numbers: {
      minReadySeconds: 500,
      revisionHistoryLimit: 0,
      ...(preserveFailedMax === undefined ? {} : { autoPreserveFailedMachineMax: preserveFailedMax }),
    },
  };
}

export function newMachineDeployment(
  namespace: string,
  wanted: WantedDeployment,
  worker: string,
  replicas: number,
): MachineDeployment {
  const { labels, annotations, templateLabels, templateSpec, strategy, selector, numbers } = desiredDeployment(
    wanted,
    worker,
  );
  const set = Object.entries(annotations).filter((entry): entry is [string, string] => entry[1] !== null);
  return {
    metadata: { namespace, name: wanted.name, labels: { ...labels }, annotations: Object.fromEntries(set) },
    spec: {
      replicas,
      ...numbers,
      selector,
      strategy,
      template: { metadata: { labels: templateLabels }, spec: templateSpec },
    },
  };
}

/**
 * The merge patch that makes a MachineDeployment as it must be; undefined when it is. `replicas` is sent only if it is to
 * change: otherwise cluster-autoscaler may set it at the same time.
 */
export function machineDeploymentPatch(
  live: MachineDeployment,
  wanted: WantedDeployment,
  worker: string,
  replicas: number,
): object | undefined {
  const desired = desiredDeployment(wanted, worker);
  const { metadata, spec } = live;
  const template = nonEmpty({
    metadata: nonEmpty({ labels: patchOfWhole(spec.template.metadata?.labels, desired.templateLabels) }),
    spec: patchOfWhole(spec.template.spec, { ...desired.templateSpec }),
  });
  return nonEmpty({
    metadata: patchOfFields(metadata, { labels: desired.labels, annotations: desired.annotations }),
    spec: nonEmpty({
      ...patchOfFields(spec, { autoPreserveFailedMachineMax: null, ...desired.numbers }),
      replicas: (spec.replicas ?? 0) === replicas ? undefined : replicas,
      selector: patchOfWhole(spec.selector, desired.selector),
      strategy: patchOfWhole(spec.strategy, { ...desired.strategy }),
      template,
    }),
  });
}

/** Without the members that are undefined; itself undefined when none is left. */
function nonEmpty(patch: Readonly<Record<string, unknown>>): object | undefined {
  const members = Object.entries(patch).filter(([, value]) => value !== undefined);
  return members.length > 0 ? Object.fromEntries(members) : undefined;
}

function strategyOf({ pool, maxSurge, maxUnavailable }: WantedDeployment): MachineDeploymentStrategy {
  if (!isInPlace(pool)) return { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } };
  const orchestrationType = pool.updateStrategy === 'ManualInPlaceUpdate' ? 'Manual' : 'Auto';
  return { type: 'InPlaceUpdate', inPlaceUpdate: { maxSurge, maxUnavailable, orchestrationType } };
}

function machineSpec({ className, pool, nodeLabels }: WantedDeployment): MachineSpec {
  const { annotations, labels, taints = [] } = pool;
  return {
    class: { kind: 'MachineClass', name: className },
    nodeTemplate: {
      metadata: { ...(annotations ? { annotations } : {}), labels: { ...labels, ...nodeLabels } },
      ...(taints.length > 0 ? { spec: { taints } } : {}),
    },
    ...machineConfiguration(pool.machineControllerManager ?? {}),
  };
}

/** Each only if it is set on the pool. */
function machineConfiguration(settings: MachineControllerManagerSettings): MachineConfiguration {
  const duration = <K extends keyof MachineConfiguration>(name: K, value: string | undefined) =>
    value === undefined ? {} : { [name]: canonicalGoDuration(value) };
  const { maxEvictRetries, nodeConditions, disableHealthTimeout } = settings;
  return {
    ...duration('drainTimeout', settings.machineDrainTimeout),
    ...duration('healthTimeout', settings.machineHealthTimeout),
    ...duration('creationTimeout', settings.machineCreationTimeout),
    ...duration('inPlaceUpdateTimeout', settings.inPlaceUpdateTimeout),
    ...duration('machinePreserveTimeout', settings.machinePreserveTimeout),
    ...(disableHealthTimeout === undefined ? {} : { disableHealthTimeout }),
    ...(maxEvictRetries === undefined ? {} : { maxEvictRetries }),
    ...(nodeConditions && nodeConditions.length > 0 ? { nodeConditions: nodeConditions.join(',') } : {}),
  };
}
