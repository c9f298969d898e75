import { Buffer } from 'node:buffer';
import { managedResources } from '../../../src/apis/resources/managed-resource.ts';
import type { KubeObject } from '../../../src/kube/object.ts';
import { defineResource, type Resource } from '../../../src/kube/resource.ts';
import {
  machineControllerManagerAccess,
  machineControllerManagerDeployment,
  machineControllerManagerShootAccess,
} from '../../machine-controller-manager/objects.ts';
import { deployments } from '../../pods/deployment.ts';
import type { FlowStep, Operation } from '../context.ts';
import { createOrPatch } from '../merge.ts';
import { secrets, serviceAccounts } from '../resources.ts';
import { isAsleep } from '../shoot.ts';
import { genericKubeconfigSecret } from '../shoot-access.ts';

const name = 'machine-controller-manager';
const inShoot = `shoot-core-${name}`;
const rbac = { group: 'rbac.authorization.k8s.io', version: 'v1', namespaced: true } as const;
const roles = defineResource({ ...rbac, kind: 'Role', plural: 'roles' });
const roleBindings = defineResource({ ...rbac, kind: 'RoleBinding', plural: 'rolebindings' });

async function ensure<T extends KubeObject>({ seed, signal }: Operation, resource: Resource<T>, wanted: T) {
  await createOrPatch(seed, resource, wanted.metadata, () => wanted, signal);
}

/** It is up before the Worker asks for machines; afterwards its replicas are the Worker's to change. */
export const deployMachineControllerManager: FlowStep = {
  name: 'Deploying machine-controller-manager',
  async run(operation) {
    const { seed, namespace, shoot, shootState, signal } = operation;
    const { serviceAccount, role, roleBinding, accessSecret } = machineControllerManagerAccess(namespace);
    await ensure(operation, serviceAccounts, serviceAccount);
    await ensure(operation, roles, role);
    await ensure(operation, roleBindings, roleBinding);
    await ensure(operation, secrets, accessSecret);
    await deployShootAccess(operation);
    // Where machines are restored, the Worker starts it when it has made their objects (gardener-contract 2.8).
    const isHeld = shootState || isAsleep(shoot);
    await createOrPatch(
      seed,
      deployments,
      { namespace, name },
      (existing) =>
        machineControllerManagerDeployment({
          namespace,
          replicas: isHeld ? (existing?.spec.replicas ?? 0) : 1,
          genericKubeconfigSecret,
        }),
      signal,
    );
  },
};

/** What it may do in the Shoot goes there as gardenlet delivers it. */
async function deployShootAccess(operation: Operation): Promise<void> {
  const { namespace } = operation;
  const objects = Object.values(machineControllerManagerShootAccess());
  const content = objects.map((object) => JSON.stringify(object)).join('\n---\n');
  await ensure(operation, secrets, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: `managedresource-${inShoot}`, namespace },
    type: 'Opaque',
    data: { 'data.yaml': Buffer.from(content).toString('base64') },
  });
  await ensure(operation, managedResources, {
    apiVersion: 'resources.gardener.cloud/v1alpha1',
    kind: 'ManagedResource',
    metadata: { name: inShoot, namespace },
    spec: { secretRefs: [{ name: `managedresource-${inShoot}` }] },
  });
}

export const deleteMachineControllerManager: FlowStep = {
  name: 'Deleting machine-controller-manager',
  async run({ seed, namespace, signal }) {
    await seed.delete(deployments, { namespace, name }, { signal });
    await seed.delete(managedResources, { namespace, name: inShoot }, { signal });
  },
};
