import type { MachineImageVersion } from '../apis/core/cloud-profile.ts';
import type { ClusterSnapshot, Finding } from '../providers/doctor.ts';

const soonMs = 30 * 86_400_000;

/** Images of pools that the CloudProfile has no more, or not for long. */
export function imageFindings({ cluster, worker, namespace }: ClusterSnapshot, now: number): readonly Finding[] {
  const offered = cluster.spec.cloudProfile?.spec.machineImages;
  if (!offered) return [];
  return (worker?.spec.pools ?? []).flatMap(({ name: pool, machineImage: { name, version } }): Finding[] => {
    const about = { severity: 'warning', object: `pool ${pool}`, cluster: namespace } as const;
    const advice = `Update the machine image of the pool in the Shoot: machines are replaced then`;
    const found = offered.find((image) => image.name === name)?.versions?.find((each) => each.version === version);
    const image = `the image ${name}/${version}`;
    if (!found) {
      const message = `has ${image}, which the CloudProfile does not have any more`;
      return [{ ...about, kind: 'MachineImageNotInProfile', message, advice }];
    }
    const end = Date.parse(expiryOf(found) ?? '');
    if (!(end - now < soonMs)) return [];
    const date = new Date(end).toISOString().slice(0, 10);
    const message = `has ${image}, which ${end <= now ? 'expired' : 'expires'} on ${date}`;
    return [{ ...about, kind: 'MachineImageExpires', message, advice }];
  });
}

const expiryOf = ({ expirationDate, lifecycle }: MachineImageVersion): string | null | undefined =>
  expirationDate ?? lifecycle?.find(({ classification }) => classification === 'expired')?.startTime;
