import type { CloudProfile, MachineImageVersion } from '../apis/core/cloud-profile.ts';
import type { ClusterSnapshot, Finding } from '../providers/doctor.ts';
import { endOf } from './expiry.ts';

/** Images of pools that the CloudProfile has no more, or not for long. */
export function imageFindings({ cluster, worker, namespace }: ClusterSnapshot, now: number): readonly Finding[] {
  const offered = cluster.spec.cloudProfile?.spec.machineImages;
  return (worker?.spec.pools ?? []).flatMap(({ name, machineImage }) =>
    imageFinding({ pool: name, ...machineImage }, offered, now).map((told) => ({ ...told, cluster: namespace })),
  );
}

interface PoolImage {
  readonly pool: string;
  readonly name?: string | undefined;
  readonly version?: string | undefined;
}

/** Nothing is said of a profile without images. */
export function imageFinding(
  { pool, name, version }: PoolImage,
  offered: CloudProfile['spec']['machineImages'],
  now: number,
): readonly Omit<Finding, 'cluster'>[] {
  if (!offered) return [];
  const about = { severity: 'warning', object: `pool ${pool}` } as const;
  const advice = 'Update the machine image of the pool in the Shoot: machines are replaced then';
  const versions: readonly MachineImageVersion[] = offered.find((image) => image.name === name)?.versions ?? [];
  const found = versions.find((each) => each.version === version);
  const image = `the image ${name}/${version}`;
  if (!found) {
    const message = `has ${image}, which the CloudProfile does not have any more`;
    return [{ ...about, kind: 'MachineImageNotInProfile', message, advice }];
  }
  const end = endOf(found, now);
  return end ? [{ ...about, kind: 'MachineImageExpires', message: `has ${image}, which ${end}`, advice }] : [];
}
