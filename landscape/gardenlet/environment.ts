import type { KubeClient } from '../../src/kube/client.ts';
import { technicalId } from '../../src/plan/gardenlet/garden-shoot.ts';
import { StepError } from './error-codes.ts';
import { type CloudProfile, cloudProfiles, projects, type Seed, seeds } from './resources.ts';
import type { ShootObject } from './shoot.ts';

/** What an operation reads of the garden before it begins. */
export interface Environment {
  readonly namespace: string;
  readonly seedObject: Seed;
  readonly cloudProfile: CloudProfile;
}

/** Throws when the project, the Seed or the CloudProfile does not exist. */
export async function readEnvironment(
  garden: KubeClient,
  shoot: ShootObject,
  seedName: string,
  signal: AbortSignal,
): Promise<Environment> {
  const profile = shoot.spec.cloudProfile ?? { kind: 'CloudProfile', name: shoot.spec.cloudProfileName ?? '' };
  if ((profile.kind ?? 'CloudProfile') !== 'CloudProfile') {
    throw new StepError(`${profile.kind} is not supported here, use a CloudProfile`, ['ERR_CONFIGURATION_PROBLEM']);
  }
  const [seedObject, cloudProfile, project] = await Promise.all([
    garden.get(seeds, { name: seedName }, { signal }),
    garden.get(cloudProfiles, { name: profile.name }, { signal }),
    projectOf(garden, shoot, signal),
  ]);
  return { seedObject, cloudProfile, namespace: technicalId(project, shoot) };
}

async function projectOf(garden: KubeClient, shoot: ShootObject, signal: AbortSignal): Promise<string> {
  const { items } = await garden.list(projects, { signal });
  const project = items.find((item) => item.spec?.namespace === shoot.metadata.namespace);
  if (!project) throw new StepError(`no Project has the namespace ${shoot.metadata.namespace}`);
  return project.metadata.name;
}
