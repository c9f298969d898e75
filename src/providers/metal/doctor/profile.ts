import type { ControllerConfiguration } from '../../../apis/metal/controller-configuration.ts';
import type { ClusterSnapshot, Finding } from '../../doctor.ts';
import { metalControlPlaneOf } from '../cloud-profile.ts';
import { isPatchOf } from '../firewall-image.ts';
import type { Comparison } from './holdings.ts';

/** What firewalls run of, and the profile does not offer any more. */
export function firewallProfileFindings({ snapshot, scope, firewallDeployments }: Comparison): readonly Finding[] {
  const { firewallImages = [], firewallControllerVersions = [] } = metalControlPlaneOf(
    snapshot.cluster,
    scope.partitionID,
  );
  const isOffered = (image: string) =>
    firewallImages.length === 0 || firewallImages.some((offered) => offered === image || isPatchOf(offered, image));
  const versions = firewallControllerVersions.map(({ version }) => version);
  return firewallDeployments.flatMap(({ metadata, spec }) => {
    const { image, controllerVersion } = spec?.template?.spec ?? {};
    const tell = (kind: string, message: string, advice: string): Finding => ({
      ...{ severity: 'warning', object: `FirewallDeployment ${metadata.name}`, cluster: snapshot.namespace },
      ...{ kind, message: `${message}, which the CloudProfile does not have any more`, advice },
    });
    const badImage = image && !isOffered(image);
    const badVersion = controllerVersion && !versions.includes(controllerVersion);
    return [
      badImage &&
        tell('FirewallImageNotInProfile', `has the image ${image}`, `Choose one of ${firewallImages.join(', ')}`),
      badVersion &&
        tell(
          'FirewallControllerNotInProfile',
          `has firewall-controller ${controllerVersion}`,
          'Leave firewall.controllerVersion of the Shoot to `auto`, or name one that the CloudProfile has',
        ),
    ].filter((finding) => typeof finding === 'object');
  });
}

/** Images of pools that the extension finds only because it remembers them. Nothing is said without the operator's file. */
export function machineImageFindings(
  { worker, namespace }: ClusterSnapshot,
  config: ControllerConfiguration | undefined,
): readonly Finding[] {
  if (!config) return [];
  const known = new Set((config.machineImages ?? []).map(({ name, version }) => `${name}/${version}`));
  return (worker?.spec.pools ?? []).flatMap(({ name, machineImage }) => {
    const image = `${machineImage.name}/${machineImage.version}`;
    if (known.has(image)) return [];
    return {
      ...{ severity: 'warning', kind: 'MachineImageNotConfigured', object: `pool ${name}`, cluster: namespace },
      message: `has the image ${image}, which the ControllerConfiguration does not have any more`,
      advice: 'Add it to machineImages again, or let the pool take another version',
    } satisfies Finding;
  });
}
