import type { ControllerConfiguration } from '../../../apis/metal/controller-configuration.ts';
import type { KubeObject } from '../../../kube/object.ts';
import {
  type ClusterSnapshot,
  type Finding,
  isSettled,
  type ProviderDoctor,
  type ProviderView,
  type Unseen,
} from '../../doctor.ts';
import { OperationError } from '../../errors.ts';
import { reviewCredentials } from '../admission/credential-rules.ts';
import type { MetalApiRegistry } from '../metal-api/registry.ts';
import { abandoned } from './abandoned.ts';
import { accountsOf, type MetalCluster } from './account.ts';
import { egressFindings } from './egress.ts';
import type { Comparison, Holdings } from './holdings.ts';
import { machineFindings } from './machines.ts';
import { nodeNetworkFindings } from './node-network.ts';
import { offersOf, profileFindings } from './offers.ts';
import { firewallProfileFindings, machineImageFindings } from './profile.ts';
import { locateAll, readAccounts } from './read.ts';
import { readCatalogues } from './read-catalogues.ts';
import { type FirewallObjects, readFirewalls } from './read-firewalls.ts';
import type { Reader } from './reader.ts';
import { releaseClaimed } from './release.ts';
import { sharedIPs } from './shared-ips.ts';
import { storedFindings } from './stored.ts';
import { webhookFindings } from './webhooks.ts';

export interface MetalDoctorOptions {
  readonly metalApis: MetalApiRegistry;
  /** The operator's file; what it says is not looked at when absent. */
  readonly config?: ControllerConfiguration | undefined;
}

/** What metal-api holds, beside what the seeds have. */
export function createMetalDoctor({ metalApis, config }: MetalDoctorOptions): ProviderDoctor {
  return {
    async look(seeds, profiles, signal) {
      const unseen: Unseen[] = [];
      const reader: Reader = { seeds, metalApis, signal, unseen };
      const snapshots = seeds.flatMap(({ clusters }) => clusters);
      // Objects of the seeds first: what they stand for is there before they are not.
      const [located, walls] = await Promise.all([
        locateAll(reader, snapshots),
        Promise.all(seeds.map(async (seed) => [seed.name, await readFirewalls(reader, seed)] as const)),
      ]);
      const bySeed = new Map(walls);
      const accounts = accountsOf(located);
      const read = await readAccounts(reader, accounts);
      const offers = await readCatalogues(reader, offersOf(profiles), [...read.values()]);
      const holdings = [...read.values()].map((each) => each.holdings);
      const comparisons = accounts.flatMap(({ name, clusters }) => {
        const held = read.get(name)?.holdings;
        return held ? clusters.flatMap((cluster) => compare(cluster, held, bySeed)) : [];
      });
      const ofSeeds = new Set(snapshots.flatMap(({ cluster }) => cluster.spec.shoot.metadata.uid ?? []));
      return {
        unseen,
        deleting: new Map(walls.map(([name, objects]) => [name, deletingOf(objects)])),
        findings: (known, stored, now) => [
          ...holdings.flatMap((each) => [...abandoned(each, ofSeeds, known, now), ...sharedIPs(each)]),
          ...comparisons.flatMap((each) => findingsOf(each, now)),
          ...stored.flatMap((each) => storedFindings(each, comparisons)),
          ...profileFindings(profiles, offers, config, now),
          ...snapshots.flatMap((each) => inSeed(each.seed, machineImageFindings(each, config))),
          ...walls.flatMap(([name, { configurations, namespaces }]) =>
            inSeed(name, webhookFindings(configurations, namespaces, now)),
          ),
        ],
        async release(fix, stop) {
          const account = read.get(fix.account);
          if (!account) return { outcome: 'left', reason: `${fix.account} could not be read` };
          return releaseClaimed(account.api, account.holdings, fix, stop);
        },
      } satisfies ProviderView;
    },
    credentialFaults: (data) => reviewCredentials(data).errors.map(({ field, detail }) => `${field}: ${detail}`),
  };
}

const inSeed = (seed: string, findings: readonly Finding[]): readonly Finding[] =>
  findings.map((finding) => ({ ...finding, seed }));

const deletingOf = ({ firewalls = [], firewallDeployments = [] }: FirewallObjects): readonly KubeObject[] =>
  [...firewalls, ...firewallDeployments].filter(({ metadata }) => metadata.deletionTimestamp);

/** None while the firewalls of its seed could not be read. */
function compare(
  cluster: MetalCluster,
  holdings: Holdings,
  bySeed: ReadonlyMap<string, FirewallObjects>,
): readonly Comparison[] {
  const { firewalls, firewallDeployments } = bySeed.get(cluster.snapshot.seed) ?? {};
  if (!firewalls || !firewallDeployments) return [];
  const isHere = ({ metadata }: KubeObject) => metadata.namespace === cluster.snapshot.namespace;
  return [
    {
      ...{ ...cluster, holdings },
      firewalls: firewalls.filter(isHere),
      firewallDeployments: firewallDeployments.filter(isHere),
    },
  ];
}

/** While a cluster is made, moved or deleted, what differs is on its way. */
function findingsOf(comparison: Comparison, now: number): readonly Finding[] {
  const { snapshot } = comparison;
  if (!isSettled(snapshot)) return [];
  const found = [
    () => nodeNetworkFindings(comparison),
    () => egressFindings(comparison),
    () => machineFindings(comparison, now),
    () => firewallProfileFindings(comparison),
  ].flatMap((find) => orMisconfigured(snapshot, find));
  return inSeed(snapshot.seed, found);
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
