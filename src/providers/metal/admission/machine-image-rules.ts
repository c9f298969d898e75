import type { MachineImageVersion } from '../../../apis/core/cloud-profile.ts';
import type { ShootWorker } from '../../../apis/core/shoot.ts';
import type { FieldError } from '../../admission.ts';
import { DEFAULT_ARCHITECTURE, imageArchitectures } from './architecture.ts';
import { indexed, invalid, notSupported, required } from './field-errors.ts';
import { isUsable, lifecycleOf } from './machine-image-lifecycle.ts';
import type { Profile } from './profile.ts';

/** The machine image of a pool, `root`, against the CloudProfile: name, version, life, architecture and runtime. */
export function machineImageErrors(worker: ShootWorker, profile: Profile, now: number, root: string): FieldError[] {
  const field = `${root}.machine.image`;
  const image = worker.machine?.image;
  if (!image) return [required(field, 'a machine image must be named')];
  if (!image.name) return [required(`${field}.name`, 'a machine image must be named')];
  const versions = profile.images.get(image.name);
  if (!versions) return [notSupported(`${field}.name`, image.name, [...profile.images.keys()].toSorted())];
  if (!image.version) return [required(`${field}.version`, 'a version of the machine image must be named')];
  const version = versions.find((offered) => offered.version === image.version);
  const usable = () =>
    versions.filter((offered) => isUsable(lifecycleOf(offered, now))).map((offered) => offered.version);
  if (!version) return [notSupported(`${field}.version`, image.version, usable())];
  return [
    ...lifeErrors(version, now, usable, `${field}.version`),
    ...architectureErrors(worker, version, profile, `${field}.version`),
    ...runtimeErrors(worker, version, `${root}.cri`),
  ];
}

function lifeErrors(version: MachineImageVersion, now: number, usable: () => string[], field: string): FieldError[] {
  const { classification } = lifecycleOf(version, now);
  if (classification === 'unavailable') return [invalid(field, version.version, 'is not available yet')];
  if (classification !== 'expired') return [];
  return [invalid(field, version.version, `is expired; usable versions: [${usable().slice(0, 30).join(', ')}]`)];
}

function architectureErrors(
  worker: ShootWorker,
  version: MachineImageVersion,
  profile: Profile,
  field: string,
): FieldError[] {
  const architecture = worker.machine?.architecture ?? DEFAULT_ARCHITECTURE;
  const offered = imageArchitectures(version, profile.capabilities);
  if (offered.includes(architecture)) return [];
  return [
    invalid(
      field,
      version.version,
      `is for the architecture ${offered.join(', ')}, but the pool wants ${architecture}`,
    ),
  ];
}

/** A version that names no container runtimes says nothing about them. */
function runtimeErrors(worker: ShootWorker, version: MachineImageVersion, root: string): FieldError[] {
  const offered = version.cri ?? [];
  const wanted = worker.cri?.name;
  if (!wanted || offered.length === 0) return [];
  const cri = offered.find(({ name }) => name === wanted);
  if (!cri)
    return [
      notSupported(
        `${root}.name`,
        wanted,
        offered.map(({ name }) => name),
      ),
    ];
  const types = (cri.containerRuntimes ?? []).map(({ type }) => type);
  return (worker.cri?.containerRuntimes ?? []).flatMap(({ type }, index) =>
    type && !types.includes(type)
      ? [notSupported(`${indexed(`${root}.containerRuntimes`, index)}.type`, type, types)]
      : [],
  );
}
