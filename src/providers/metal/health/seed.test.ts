import { describe, expect, it } from 'vitest';
import type { FirewallDeployment } from '../../../apis/firewall/firewall.ts';
import type { ManagedResource } from '../../../apis/resources/managed-resource.ts';
import type { Duros } from '../../../apis/storage/duros.ts';
import type { Deployment } from '../../../kube/deployment.ts';
import { createFakeClock } from '../../../kube/fake-clock.ts';
import { type Health, healthy, progressing, unhealthy } from '../../health.ts';
import { deploymentHealth } from './deployment.ts';
import { firewallHealth } from './firewall.ts';
import { managedResourceHealth } from './managed-resource.ts';
import { metallbHealth } from './metallb.ts';
import type { StatusCondition } from './small.ts';
import { durosHealth } from './storage.ts';

const minute = 60_000;
const conditions = (statuses: Record<string, string>, message = 'why'): StatusCondition[] =>
  Object.entries(statuses).map(([type, status]) => ({ type, status, reason: 'Because', message }));

describe('Deployment', () => {
  const deployment = (statuses: Record<string, string>, observedGeneration = 2): Deployment => ({
    metadata: { name: 'ccm', generation: 2 },
    status: { observedGeneration, conditions: conditions(statuses) },
  });
  it.each<[string, Deployment | undefined, Health]>([
    ['available', deployment({ Available: 'True' }), healthy],
    ['available and rolled out', deployment({ Available: 'True', Progressing: 'True' }), healthy],
    ['all pods made', deployment({ Available: 'True', ReplicaFailure: 'False' }), healthy],
    ['absent', undefined, unhealthy('Deployment ccm does not exist')],
    [
      'not seen yet',
      deployment({ Available: 'True' }, 1),
      progressing('Deployment ccm: its newest state has not been seen yet', 5 * minute),
    ],
    [
      'without a status',
      { metadata: { name: 'ccm', generation: 1 } },
      progressing('Deployment ccm: its newest state has not been seen yet', 5 * minute),
    ],
    ['silent', deployment({}), unhealthy('Deployment ccm does not say whether it is available')],
    [
      'not available',
      deployment({ Available: 'False', Progressing: 'False' }),
      unhealthy('Deployment ccm: Available is False (Because): why'),
    ],
    [
      'stuck',
      deployment({ Available: 'True', Progressing: 'False' }),
      unhealthy('Deployment ccm: Progressing is False (Because): why'),
    ],
    [
      'short of pods',
      deployment({ Available: 'True', ReplicaFailure: 'True' }),
      unhealthy('Deployment ccm: ReplicaFailure is True (Because): why'),
    ],
  ])('%s', (_, object, health) => expect(deploymentHealth('ccm', object)).toEqual(health));
});

describe('ManagedResource', () => {
  const good = { ResourcesApplied: 'True', ResourcesHealthy: 'True', ResourcesProgressing: 'False' };
  const resource = (statuses: Record<string, string>, message?: string, observedGeneration = 2): ManagedResource => ({
    metadata: { name: 'mr', generation: 2 },
    status: { observedGeneration, conditions: conditions(statuses, message) },
  });
  const underway = (text: string) => progressing(`ManagedResource mr: ${text}`, 5 * minute);
  const refused = 'error during apply of object "v1/Service/a/b" is invalid: spec.ports: Required value';
  it.each<[string, ManagedResource | undefined, Health]>([
    ['applied, healthy, rolled out', resource(good), healthy],
    ['absent', undefined, unhealthy('ManagedResource mr does not exist: reconcile the ControlPlane')],
    ['not seen yet', resource(good, 'why', 1), underway('gardener-resource-manager has not seen its newest state yet')],
    [
      'not applied',
      resource({ ...good, ResourcesApplied: 'False' }),
      unhealthy('ManagedResource mr: ResourcesApplied is False (Because): why'),
    ],
    [
      'refused as invalid',
      resource({ ...good, ResourcesApplied: 'False' }, refused),
      unhealthy(`ManagedResource mr: ResourcesApplied is False (Because): ${refused}`, ['ERR_CONFIGURATION_PROBLEM']),
    ],
    [
      'not healthy, though something rolls out',
      resource({ ...good, ResourcesHealthy: 'False', ResourcesProgressing: 'True' }),
      unhealthy('ManagedResource mr: ResourcesHealthy is False (Because): why'),
    ],
    [
      'rolling out',
      resource({ ...good, ResourcesProgressing: 'True' }),
      underway('ResourcesProgressing is True (Because): why'),
    ],
    [
      'being applied',
      resource({ ...good, ResourcesApplied: 'Progressing' }),
      underway('ResourcesApplied is Progressing (Because): why'),
    ],
    [
      'to be checked',
      resource({ ...good, ResourcesHealthy: 'Unknown' }),
      underway('ResourcesHealthy is Unknown (Because): why'),
    ],
    ['not told', resource({ ResourcesApplied: 'True' }), underway('ResourcesHealthy is not reported yet')],
  ])('%s', (_, object, health) => expect(managedResourceHealth('mr', object)).toEqual(health));
});

describe('firewall', () => {
  type Status = NonNullable<FirewallDeployment['status']>;
  const firewall = (status?: Status): FirewallDeployment => ({
    metadata: { name: 'shoot-firewall' },
    spec: { replicas: 1 },
    ...(status ? { status } : {}),
  });
  const short = 'firewall deployment only has 0/1 ready replicas';
  const condition = (type: string, status: string, reason: string) => [{ type, status, reason }];
  it.each<[string, FirewallDeployment | undefined, boolean, Health]>([
    ['ready', firewall({ targetReplicas: 1, readyReplicas: 1 }), true, healthy],
    [
      'absent before the Worker',
      undefined,
      false,
      progressing('FirewallDeployment shoot-firewall comes with the Worker, which is not ready yet', 15 * minute),
    ],
    [
      'lost',
      undefined,
      true,
      unhealthy('FirewallDeployment shoot-firewall does not exist: reconcile the Worker, which makes it'),
    ],
    ['not seen yet', firewall(), true, progressing(short, 15 * minute)],
    ['being made', firewall({ targetReplicas: 1, progressingReplicas: 1 }), true, progressing(short, 15 * minute)],
    ['missing', firewall({ targetReplicas: 1 }), true, unhealthy(short)],
    [
      'unhealthy',
      firewall({ targetReplicas: 1, unhealthyReplicas: 1 }),
      true,
      unhealthy('firewall deployment has 1 unhealthy replicas'),
    ],
    [
      'one of two unhealthy',
      firewall({ targetReplicas: 1, readyReplicas: 1, unhealthyReplicas: 1 }),
      true,
      unhealthy('firewall deployment has 1 unhealthy replicas'),
    ],
    [
      'a new one, installed and not connected yet',
      firewall({
        targetReplicas: 1,
        unhealthyReplicas: 1,
        conditions: condition('Progressing', 'True', 'NewFirewallSetCreated'),
      }),
      true,
      progressing(short, 15 * minute),
    ],
    [
      'overdue',
      firewall({ targetReplicas: 1, conditions: condition('Progressing', 'False', 'ProgressDeadlineExceeded') }),
      true,
      unhealthy('FirewallDeployment shoot-firewall: Progressing is False (ProgressDeadlineExceeded)'),
    ],
    [
      'without access to the shoot',
      firewall({ targetReplicas: 1, readyReplicas: 1, conditions: condition('RBACProvisioned', 'False', 'Error') }),
      true,
      unhealthy('FirewallDeployment shoot-firewall: RBACProvisioned is False (Error)'),
    ],
    [
      'ready as ever',
      firewall({
        targetReplicas: 1,
        readyReplicas: 1,
        conditions: condition('Progressing', 'True', 'NewFirewallSetAvailable'),
      }),
      true,
      healthy,
    ],
  ])('%s', (_, object, workerIsReady, health) => expect(firewallHealth(object, workerIsReady)).toEqual(health));
});

describe('Duros', () => {
  const clock = createFakeClock(Date.UTC(2026, 0, 2, 3, 30, 0));
  const recent = '2026-01-02T03:00:00Z';
  const duros = (status?: Duros['status']): Duros => ({
    metadata: { name: 'shoot-default-storage' },
    spec: { metalProjectID: 'p', storageClasses: [] },
    ...(status ? { status } : {}),
  });
  const bad = (text: string) => unhealthy(`Duros shoot-default-storage: ${text}`);
  it.each<[string, Duros | undefined, Health]>([
    ['not used', undefined, healthy],
    [
      'in order',
      duros({ reconcileStatus: { lastReconcile: recent }, managedResourceStatuses: [{ name: 'a', state: 'Running' }] }),
      healthy,
    ],
    ['not taken up', duros(), bad('duros-controller does not reconcile it')],
    [
      'silent for long',
      duros({ reconcileStatus: { lastReconcile: '2026-01-02T02:59:59Z' } }),
      bad('duros-controller has not reconciled it for more than 30 minutes'),
    ],
    [
      'several faults',
      duros({
        reconcileStatus: { lastReconcile: recent, error: 'no storage' },
        managedResourceStatuses: [
          { name: 'a', state: 'Running' },
          { name: 'b', state: 'Pending', description: 'no node' },
        ],
      }),
      bad('no storage, b is Pending: no node'),
    ],
  ])('%s', (_, object, health) => expect(durosHealth(object, clock.now())).toEqual(health));
});

describe('MetalLB', () => {
  const mustSay = expect.stringContaining('must say true or false of configLoaded and configStale');
  it.each<[string, Record<string, string> | undefined, object]>([
    ['loaded', { configLoaded: 'true', configStale: 'false' }, healthy],
    ['as Go spells it', { configLoaded: '1', configStale: 'F' }, healthy],
    ['not loaded', { configLoaded: 'false', configStale: 'false' }, unhealthy('metallb configmap is not loaded')],
    [
      'stale',
      { configLoaded: 'true', configStale: 'true' },
      { status: 'unhealthy', message: expect.stringContaining('stale') },
    ],
    ['nonsense', { configLoaded: 'yes', configStale: 'false' }, { status: 'unhealthy', message: mustSay }],
    ['empty', {}, { status: 'unhealthy', message: mustSay }],
    ['silent', undefined, { status: 'progressing', thresholdMs: 5 * minute }],
  ])('%s', (_, data, health) => expect(metallbHealth(data)).toMatchObject(health));
});
