import type { ControllerConfiguration } from '../../../apis/metal/controller-configuration.ts';
import type { KubeClient } from '../../../kube/client.ts';
import {
  type ClusterSnapshot,
  type Finding,
  isSettled,
  type ProviderDoctor,
  type ProviderView,
  type Unseen,
} from '../../doctor.ts';
import { OperationError } from '../../errors.ts';
import type { MetalApiRegistry } from '../metal-api/registry.ts';
import { abandoned } from './abandoned.ts';
import { accountsOf } from './account.ts';
import { egressFindings } from './egress.ts';
import type { Comparison } from './holdings.ts';
import { machineFindings } from './machines.ts';
import { nodeNetworkFindings } from './node-network.ts';
import { firewallProfileFindings, machineImageFindings } from './profile.ts';
import { locateAll, type Reader, readAccounts, readSeed } from './read.ts';
import { releaseClaimed } from './release.ts';
import { sharedIPs } from './shared-ips.ts';
import { webhookFindings } from './webhooks.ts';

export interface MetalDoctorOptions {
  /** Of the seed. */
  readonly kube: KubeClient;
  readonly metalApis: MetalApiRegistry;
  /** The operator's file; what it says is not looked at when absent. */
  readonly config?: ControllerConfiguration | undefined;
}

/** What metal-api holds, beside what the seed has. */
export function createMetalDoctor({ kube, metalApis, config }: MetalDoctorOptions): ProviderDoctor {
  return {
    async look(snapshots, signal) {
      const unseen: Unseen[] = [];
      const reader: Reader = { kube, metalApis, signal, unseen };
      // Objects of the seed first: what they stand for is there before they are not.
      const [located, seed] = await Promise.all([locateAll(reader, snapshots), readSeed(reader)]);
      const accounts = accountsOf(located);
      const read = await readAccounts(reader, accounts);
      const comparisons = accounts.flatMap(({ name, clusters }) => {
        const { holdings } = read.get(name) ?? {};
        const { firewalls, firewallDeployments } = seed;
        if (!holdings || !firewalls || !firewallDeployments) return [];
        return clusters.map((cluster): Comparison => {
          const isHere = ({ metadata }: { metadata: { namespace?: string } }) =>
            metadata.namespace === cluster.snapshot.namespace;
          return {
            ...{ ...cluster, holdings },
            firewalls: firewalls.filter(isHere),
            firewallDeployments: firewallDeployments.filter(isHere),
          };
        });
      });
      const holdings = [...read.values()].map((each) => each.holdings);
      const ofSeed = new Set(snapshots.flatMap(({ cluster }) => cluster.spec.shoot.metadata.uid ?? []));
      return {
        unseen,
        deleting: [...(seed.firewalls ?? []), ...(seed.firewallDeployments ?? [])].filter(
          ({ metadata }) => metadata.deletionTimestamp,
        ),
        findings: (known, now) => [
          ...holdings.flatMap((each) => [...abandoned(each, ofSeed, known, now), ...sharedIPs(each)]),
          ...comparisons.flatMap((each) => findingsOf(each, now)),
          ...snapshots.flatMap((each) => machineImageFindings(each, config)),
          ...webhookFindings(seed.configurations, seed.namespaces, now),
        ],
        async release(fix, stop) {
          const account = read.get(fix.account);
          if (!account) return { outcome: 'left', reason: `${fix.account} could not be read` };
          return releaseClaimed(account.api, account.holdings, fix, stop);
        },
      } satisfies ProviderView;
    },
  };
}

/** While a cluster is made, moved or deleted, what differs is on its way. */
function findingsOf(comparison: Comparison, now: number): readonly Finding[] {
  const { snapshot } = comparison;
  if (!isSettled(snapshot)) return [];
  return [
    () => nodeNetworkFindings(comparison),
    () => egressFindings(comparison),
    () => machineFindings(comparison, now),
    () => firewallProfileFindings(comparison),
  ].flatMap((find) => orMisconfigured(snapshot, find));
}

function orMisconfigured({ namespace }: ClusterSnapshot, find: () => readonly Finding[]): readonly Finding[] {
  try {
    return find();
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    return [
      {
        ...{ severity: 'error', kind: 'ConfigurationInvalid', object: 'Infrastructure', cluster: namespace },
        message: error.message,
        advice: "Correct the Shoot's infrastructureConfig",
      },
    ];
  }
}
