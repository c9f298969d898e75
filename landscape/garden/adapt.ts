import type { Manifest } from './manifests.ts';

/** What a landscape has in place of the values that stand in example/. */
export interface LandscapeValues {
  /** Base URL of metal-api. */
  readonly metalApiUrl: string;
  readonly metalApiHmac: string;
}

/** The same manifests, with the landscape's own metal-api in the CloudProfile and its key in the credentials. */
export function adapt(manifests: readonly Manifest[], values: LandscapeValues): Manifest[] {
  return manifests.map((manifest) => {
    const adapted = structuredClone(manifest);
    if (adapted.kind === 'CloudProfile') setEndpoint(adapted, values.metalApiUrl);
    if (adapted.kind === 'Secret' && isMetal(adapted)) adapted.stringData = { metalAPIHMac: values.metalApiHmac };
    return adapted;
  });
}

const isMetal = ({ metadata }: Manifest): boolean =>
  metadata.labels?.['provider.shoot.gardener.cloud/metal'] === 'true';

function setEndpoint(profile: Manifest, endpoint: string): void {
  const { spec } = profile as { spec?: { providerConfig?: { metalControlPlanes?: Record<string, object> } } };
  const controlPlanes = spec?.providerConfig?.metalControlPlanes ?? {};
  for (const controlPlane of Object.values(controlPlanes)) Object.assign(controlPlane, { endpoint });
}
