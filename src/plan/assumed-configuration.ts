import type { ControllerConfiguration } from '../apis/metal/controller-configuration.ts';
import type { GardenShoot } from './gardenlet/garden-shoot.ts';

/** What the operator's file must say for the machine images of the Shoot, when it is not given. */
export function assumedConfiguration(shoot: GardenShoot, assume: (what: string) => void): ControllerConfiguration {
  const machineImages = (shoot.spec.provider.workers ?? []).flatMap(({ machine }) => {
    const { name, version } = machine?.image ?? {};
    return name && version ? [{ name, version, image: `${name}-${version}` }] : [];
  });
  const names = [...new Set(machineImages.map(({ image }) => image))];
  const images = names.length > 0 ? `, metal-api knows the machine images as ${names.join(', ')}` : '';
  assume(`the ControllerConfiguration has defaults only${images}`);
  return { machineImages };
}
