import type { V1SecurityContext, V1Toleration } from '@kubernetes/client-node';

/** For pods that every node needs, whatever its taints. */
export const everyNode: V1Toleration[] = [{ operator: 'Exists' }];

export const runtimeDefault = { type: 'RuntimeDefault' };

/** What Pod Security asks of a container of level `restricted`, with runAsNonRoot and a seccomp profile of its pod. */
export const confined: V1SecurityContext = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };

/** A node that has this pod's DaemonSet takes no other pods before it is ready (gardener-contract 2.13). */
export const criticalComponent = { 'node.gardener.cloud/critical-component': 'true' };

/** A namespace whose pods need more than a cluster may allow by default. */
export const privilegedNamespace = { 'pod-security.kubernetes.io/enforce': 'privileged' };
