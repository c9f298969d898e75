import type { V1PodSpec } from '@kubernetes/client-node';
import type { KubeObject } from '../../../../kube/object.ts';
import { deployment, podDisruptionBudget, verticalPodAutoscaler } from '../../../objects.ts';
import type { ControlPlaneModel } from '../model.ts';
import { restrictedPod } from './pods.ts';

interface Controller {
  readonly name: string;
  /** That of the Deployment which the Go extension made: it cannot be changed. */
  readonly selector: Readonly<Record<string, string>>;
  readonly podLabels: Readonly<Record<string, string>>;
  readonly podAnnotations: Readonly<Record<string, string>>;
  readonly podSpec: V1PodSpec;
}

/**
 * The Deployment of a component with its disruption budget and autoscaler (gardener-contract 3.6). It runs until the
 * shoot's API server is down: while the shoot goes to sleep, and when a sleeping shoot is deleted, there are load
 * balancers, firewalls and volumes to be released.
 */
export function controller(
  { namespace, scaledDown }: ControlPlaneModel,
  { name, selector, podLabels, podAnnotations, podSpec }: Controller,
): readonly KubeObject[] {
  const metadata = { name, namespace };
  const matchLabels = { ...selector };
  return [
    deployment({
      metadata: {
        ...metadata,
        labels: {
          ...matchLabels,
          'gardener.cloud/role': 'controlplane',
          // gardener-resource-manager spreads the pods, and gives a highly available control plane two of them.
          'high-availability-config.resources.gardener.cloud/type': 'controller',
        },
      },
      spec: {
        revisionHistoryLimit: 2,
        replicas: scaledDown ? 0 : 1,
        selector: { matchLabels },
        template: {
          metadata: { labels: { ...podLabels, ...selector }, annotations: { ...podAnnotations } },
          spec: { priorityClassName: 'gardener-system-300', securityContext: restrictedPod, ...podSpec },
        },
      },
    }),
    podDisruptionBudget({
      metadata,
      spec: { maxUnavailable: 1, unhealthyPodEvictionPolicy: 'AlwaysAllow', selector: { matchLabels } },
    }),
    verticalPodAutoscaler({
      metadata,
      spec: {
        targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
        updatePolicy: { updateMode: 'Recreate' },
        resourcePolicy: { containerPolicies: [{ containerName: '*', controlledValues: 'RequestsOnly' }] },
      },
    }),
  ];
}
