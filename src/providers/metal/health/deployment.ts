import { type Deployment, deployments } from '../../../kube/deployment.ts';
import { type Health, type HealthCheck, healthy, progressing, unhealthy, type Watched, watched } from '../../health.ts';
import { smallMetadata, smallStatus, told } from './small.ts';

/** Longest time for Kubernetes to take up a change. */
const unseenMs = 5 * 60_000;

/** As Gardener judges its own Deployments: available, and neither stuck nor short of pods. */
export function deploymentHealth(name: string, deployment: Deployment | undefined): Health {
  if (!deployment) return unhealthy(`Deployment ${name} does not exist`);
  const { metadata, status = {} } = deployment;
  if ((status.observedGeneration ?? 0) < (metadata.generation ?? 0)) {
    return progressing(`Deployment ${name}: its newest state has not been seen yet`, unseenMs);
  }
  const conditions = new Map(status.conditions?.map((condition) => [condition.type, condition]));
  const available = conditions.get('Available');
  if (!available) return unhealthy(`Deployment ${name} does not say whether it is available`);
  const bad = [available, conditions.get('Progressing'), conditions.get('ReplicaFailure')].find(
    (condition) => condition && condition.status !== (condition.type === 'ReplicaFailure' ? 'False' : 'True'),
  );
  return bad ? unhealthy(`Deployment ${name}: ${told(bad)}`) : healthy;
}

export const deploymentCheck = (name: string): HealthCheck => ({
  condition: 'ControlPlaneHealthy',
  name,
  run: ({ seed }) => deploymentHealth(name, seed.find(deployments, name)),
});

/** Of the many Deployments of a seed only those of this name. */
export const watchedDeployment = (name: string): Watched => watched(deployments, small, name);

const small = ({ metadata, status }: Deployment): Deployment => ({
  metadata: smallMetadata(metadata),
  status: smallStatus(status),
});
