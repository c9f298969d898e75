/** Names of machine-controller-manager: two controllers of machines, this one and the Go one, know each other by them. */

export const machineFinalizer = 'machine.sapcloud.io/machine-controller-manager';
export const secretFinalizer = 'machine.sapcloud.io/machine-controller';
export const nodeFinalizer = 'node.machine.sapcloud.io/machine-controller';

/** On a Machine: name of its Node. */
export const nodeLabel = 'node';
/** On a Machine: name of its MachineDeployment. */
export const deploymentLabel = 'name';
/** On a Machine, `True`: do not wait for pods. */
export const forceDeletionLabel = 'force-deletion';
/** On a Machine, `True`: do not wait for pods before an update in place. */
export const forceDrainLabel = 'force-drain';
/** On a Machine: those with a lower number are deleted first. */
export const priorityAnnotation = 'machinepriority.machine.sapcloud.io';

/** On a Node: name of its Machine. */
export const machineNameLabel = 'node.gardener.cloud/machine-name';
/** On a Node: what of a Machine's nodeTemplate was applied, as JSON. */
export const appliedTemplateAnnotation = 'node.machine.sapcloud.io/last-applied-anno-labels-taints';
export const appliedCapacityAnnotation = 'node.machine.sapcloud.io/last-applied-virtual-capacity';
/** On a Node that no Machine is known of. */
export const notManagedAnnotation = 'node.machine.sapcloud.io/not-managed-by-mcm';
/** The Node is not ready for pods of users. */
export const criticalComponentsTaint = 'node.gardener.cloud/critical-components-not-ready';
