import type { CloudProfile } from '../../../apis/core/cloud-profile.ts';
import type { Shoot } from '../../../apis/core/shoot.ts';
import { METAL_API_VERSION } from '../../../apis/metal/group.ts';
import type { Findings } from '../../admission.ts';
import { memberOf } from './members.ts';

export const NOW = Date.parse('2026-03-01T00:00:00Z');

/** A Shoot that has no fault. */
export const validShoot = (): Shoot => ({
  metadata: { name: 'one', namespace: 'garden-local', annotations: { 'cluster.metal-stack.io/tenant': 'local' } },
  spec: {
    region: 'fra',
    cloudProfile: { kind: 'CloudProfile', name: 'metal' },
    kubernetes: { version: '1.35.4', kubeControllerManager: { nodeCIDRMaskSize: 23 }, kubelet: { maxPods: 250 } },
    networking: { type: 'calico', pods: '10.240.0.0/13', services: '10.248.0.0/18', providerConfig: {} },
    provider: {
      type: 'metal',
      infrastructureConfig: {
        apiVersion: METAL_API_VERSION,
        kind: 'InfrastructureConfig',
        partitionID: 'fra-equ01',
        projectID: 'p1',
        firewall: {
          size: 'n1-medium-x86',
          image: 'firewall-ubuntu-3.0.20260112',
          networks: ['internet', 'mpls'],
          egressRules: [{ networkID: 'internet', ips: ['203.0.113.10'] }],
          rateLimits: [{ networkID: 'internet', rateLimit: 100 }],
        },
      },
      controlPlaneConfig: { apiVersion: METAL_API_VERSION, kind: 'ControlPlaneConfig' },
      workers: [
        {
          name: 'group-0',
          minimum: 1,
          maximum: 3,
          machine: { type: 'c1', architecture: 'amd64', image: { name: 'ubuntu', version: '24.4.1' } },
          cri: { name: 'containerd' },
        },
      ],
    },
  },
});

export const isolation = () => ({
  dnsServers: ['1.1.1.1', '2001:db8::1'],
  ntpServers: ['134.60.1.27'],
  allowedNetworks: { ingress: ['10.0.0.0/8'], egress: ['0.0.0.0/0'] },
  registryMirrors: [
    { name: 'r', endpoint: 'https://r.example.org', ip: '1.1.1.1', port: 443, mirrorOf: ['ghcr.io', 'r.io:5000'] },
  ],
});

/** A CloudProfile that has no fault. */
export const validProfile = (): CloudProfile => ({
  metadata: { name: 'metal' },
  spec: {
    type: 'metal',
    machineImages: [
      {
        name: 'ubuntu',
        versions: [
          { version: '24.4.1', architectures: ['amd64', 'arm64'], cri: [{ name: 'containerd' }] },
          { version: '24.4.0', expirationDate: '2026-02-01T00:00:00Z' },
          { version: '24.3.9', expirationDate: '2026-03-20T00:00:00Z', classification: 'deprecated' },
          { version: '25.1.0', classification: 'preview', architectures: ['arm64'] },
          { version: '26.1.0', lifecycle: [{ classification: 'preview', startTime: '2026-06-01T00:00:00Z' }] },
        ],
      },
      { name: 'debian', versions: [{ version: '12.0.0' }] },
    ],
    machineTypes: [
      { name: 'c1', architecture: 'amd64' },
      { name: 'a1', architecture: 'arm64' },
      { name: 'gone', usable: false },
      { name: 'elsewhere' },
    ],
    regions: [
      {
        name: 'fra',
        zones: [
          { name: 'fra-equ01', unavailableMachineTypes: ['elsewhere'] },
          { name: 'fra-equ02' },
          { name: 'fra-bare' },
        ],
      },
      { name: 'muc', zones: [{ name: 'muc-equ01' }] },
    ],
    providerConfig: {
      apiVersion: METAL_API_VERSION,
      kind: 'CloudProfileConfig',
      metalControlPlanes: {
        prod: {
          endpoint: 'https://api.example.org/metal',
          partitions: {
            'fra-equ01': { firewallTypes: ['n1-medium-x86', 'n2'], networkIsolation: isolation() },
            'fra-equ02': {},
          },
          firewallImages: ['firewall-ubuntu-2.0', 'firewall-ubuntu-3.0.20260112'],
          firewallControllerVersions: [
            { version: 'v2.4.9', url: 'https://x.example.org/249', classification: 'supported' },
            { version: 'v2.10.0', url: 'https://x.example.org/2100', classification: 'supported' },
            { version: 'v2.11.0', classification: 'preview' },
            { version: 'v1.9.0', classification: 'deprecated' },
          ],
        },
        test: {
          endpoint: 'http://test.example.org',
          partitions: { 'muc-equ01': {} },
          firewallControllerVersions: [{ version: 'v1.0.0', classification: 'supported' }],
        },
      },
    },
  },
});

/** A copy with a value at a path (`a/0/b`), as if parsed from JSON; `undefined` removes. */
export function changed<T>(object: T, path: string, value: unknown): T {
  const copy = structuredClone(object);
  const names = path.split('/');
  const last = names.pop() ?? '';
  let parent: unknown = copy;
  for (const name of names) {
    if ((memberOf(parent, name) ?? undefined) === undefined) setMember(parent, name, {});
    parent = memberOf(parent, name);
  }
  if (value === undefined) Reflect.deleteProperty(Object(parent), last);
  else setMember(parent, last, value);
  return copy;
}

/** Without the setter of `__proto__`. */
function setMember(parent: unknown, name: string, value: unknown): void {
  if (typeof parent !== 'object' || parent === null) throw new Error(`there is no object to set ${name} of`);
  Object.defineProperty(parent, name, { value, writable: true, enumerable: true, configurable: true });
}

/** `type field` of each error, sorted. */
export const faults = ({ errors }: Findings): string[] => errors.map(({ type, field }) => `${type} ${field}`).sort();
