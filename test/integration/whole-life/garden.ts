import { adapt, type LandscapeValues } from '../../../landscape/garden/adapt.ts';
import { applyManifests } from '../../../landscape/garden/apply.ts';
import { applyGardenContent } from '../../../landscape/garden/content.ts';
import { type Manifest, readExample } from '../../../landscape/garden/manifests.ts';
import { PARTITION } from '../../../landscape/metal-api/fixture.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import { eventually } from '../../scene/eventually.ts';

type Tree = Record<string, unknown>;

const core = 'core.gardener.cloud/v1beta1';

const registration = (name: string, type: string, ...kinds: string[]): Manifest => ({
  apiVersion: core,
  kind: 'ControllerRegistration',
  metadata: { name },
  spec: { resources: kinds.map((kind) => ({ kind, type })) },
});

/** Of the partition, for Shoots that are restricted or forbidden. */
export const isolation = {
  allowedNetworks: { ingress: ['10.0.0.0/8'], egress: ['192.0.2.0/24'] },
  dnsServers: ['192.0.2.53'],
  ntpServers: ['192.0.2.123'],
  registryMirrors: [
    {
      name: 'mirror',
      endpoint: 'https://registry.example.org:8443',
      ip: '192.0.2.80',
      port: 8443,
      mirrorOf: ['docker.io'],
    },
  ],
};

/** What example/ has, two Seeds with backups so that Shoots may move, Cilium, and a partition that can be isolated. */
export async function fillGarden(garden: KubeClient, values: LandscapeValues): Promise<void> {
  const signal = AbortSignal.timeout(60_000);
  await applyGardenContent(garden, values, signal);
  const seeds = await readExample('seed.yaml');
  const profiles = adapt(await readExample('cloudprofile.yaml'), values);
  const manifests = [
    registration('networking-cilium', 'cilium', 'Network'),
    registration('backup-local', 'local', 'BackupBucket', 'BackupEntry'),
    ...profiles.map(withMore),
    ...seeds.flatMap(twoSeeds),
  ];
  for (const manifest of manifests) await eventually(() => applyManifests(garden, [manifest], signal));
}

function withMore(profile: Manifest): Manifest {
  const { spec } = structuredClone(profile) as Manifest & { spec: Tree };
  const [ubuntu] = spec.machineImages as { versions: Tree[] }[];
  ubuntu?.versions.push({ version: '24.4.20251104', architectures: ['amd64'], cri: [{ name: 'containerd' }] });
  const { metalControlPlanes } = spec.providerConfig as { metalControlPlanes: Record<string, Tree> };
  for (const { partitions } of Object.values(metalControlPlanes)) {
    Object.assign((partitions as Record<string, Tree>)[PARTITION] ?? {}, { networkIsolation: isolation });
  }
  return { ...profile, spec };
}

function twoSeeds(manifest: Manifest): Manifest[] {
  if (manifest.kind !== 'Seed') return [];
  const spec = manifest.spec as Tree & { dns: { provider: { credentialsRef: object } } };
  const backup = { provider: 'local', region: 'fra', credentialsRef: spec.dns.provider.credentialsRef };
  return ['local', 'second'].map((name) => ({ ...manifest, metadata: { name }, spec: { ...spec, backup } }));
}
