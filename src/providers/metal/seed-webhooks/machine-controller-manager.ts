import type { KubeObject } from '../../../kube/object.ts';
import type { Mutation } from '../../admission.ts';
import type { MachineController } from '../images.ts';
import { includes } from './includes.ts';
import { sidecar, sidecarName } from './machine-sidecar.ts';
import { replaceByName, withTemplate } from './workload.ts';

/** gardenlet deploys machine-controller-manager; the driver for the provider is put beside it (gardener-contract 2.12). */
export function machineControllerManager(machineController: MachineController): readonly Mutation[] {
  return [
    {
      kind: 'Deployment',
      names: ['machine-controller-manager'],
      needs: ['cluster'],
      apply: (object, { cluster, namespace }) =>
        withTemplate(object, (template) => {
          const container = sidecar(machineController, namespace, cluster?.spec.shoot);
          const containers = template.spec?.containers ?? [];
          const present = containers.find(({ name }) => name === sidecarName);
          // What the API server added to it by defaults stays.
          if (present && includes(present, container)) return template;
          const all = replaceByName(containers, container, ({ name }) => name);
          return { ...template, spec: { ...template.spec, containers: all } };
        }),
    },
    { kind: 'VerticalPodAutoscaler', names: ['machine-controller-manager-vpa'], apply: withSidecarPolicy },
  ];
}

interface ContainerPolicy {
  readonly containerName?: string;
}

interface Autoscaler extends KubeObject {
  spec?: { resourcePolicy?: { containerPolicies?: readonly ContainerPolicy[] } };
}

/** gardenlet's autoscaler is off for all containers that it does not know. */
function withSidecarPolicy(object: KubeObject): KubeObject {
  const autoscaler = object as Autoscaler;
  const policy = { containerName: sidecarName, controlledValues: 'RequestsOnly' };
  const { resourcePolicy } = autoscaler.spec ?? {};
  const policies = resourcePolicy?.containerPolicies ?? [];
  const containerPolicies = replaceByName<ContainerPolicy>(policies, policy, (one) => one.containerName ?? '');
  return {
    ...autoscaler,
    spec: { ...autoscaler.spec, resourcePolicy: { ...resourcePolicy, containerPolicies } },
  } as KubeObject;
}
