import { type ManagedResource, managedResources } from '../../../apis/resources/managed-resource.ts';
import {
  type Health,
  type HealthCheck,
  type HealthConditionType,
  healthy,
  progressing,
  unhealthy,
  type Watched,
  watched,
} from '../../health.ts';
import { smallMetadata, smallStatus, told } from './small.ts';

/** Longest time for gardener-resource-manager to apply a change and for what it has applied to roll out. */
const rolloutMs = 5 * 60_000;

/** What the API server refuses as invalid, somebody has configured (gardener-contract 5.6). */
const invalid = /error during apply of object .* is invalid:/;

const wanted = [
  ['ResourcesApplied', 'True'],
  ['ResourcesHealthy', 'True'],
  ['ResourcesProgressing', 'False'],
] as const;

/** Applied, healthy and rolled out. A rollout is on its way and no fault, unless it takes too long. */
export function managedResourceHealth(name: string, resource: ManagedResource | undefined): Health {
  const what = `ManagedResource ${name}`;
  if (!resource) return unhealthy(`${what} does not exist: reconcile the ControlPlane`);
  const { metadata, status } = resource;
  if ((status?.observedGeneration ?? 0) < (metadata.generation ?? 0)) {
    return progressing(`${what}: gardener-resource-manager has not seen its newest state yet`, rolloutMs);
  }
  const found = wanted.map(([type, good]) => ({ type, good, condition: conditionOf(resource, type) }));
  const failed = found.find(({ type, condition }) => type !== 'ResourcesProgressing' && condition?.status === 'False');
  if (failed?.condition) {
    const text = `${what}: ${told(failed.condition)}`;
    return unhealthy(text, invalid.test(failed.condition.message ?? '') ? ['ERR_CONFIGURATION_PROBLEM'] : []);
  }
  const open = found.find(({ condition, good }) => condition?.status !== good);
  if (!open) return healthy;
  const { type, condition } = open;
  return progressing(`${what}: ${condition ? told(condition) : `${type} is not reported yet`}`, rolloutMs);
}

const conditionOf = ({ status }: ManagedResource, wantedType: string) =>
  status?.conditions?.find(({ type }) => type === wantedType);

export function managedResourceCheck(condition: HealthConditionType, name: string, optional = false): HealthCheck {
  return {
    condition,
    name,
    run({ seed }) {
      const resource = seed.find(managedResources, name);
      return !resource && optional ? healthy : managedResourceHealth(name, resource);
    },
  };
}

export const watchedManagedResource = (name: string): Watched => watched(managedResources, small, name);

const small = ({ metadata, status }: ManagedResource): ManagedResource => ({
  metadata: smallMetadata(metadata),
  status: smallStatus(status),
});
