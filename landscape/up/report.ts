import type { ClusterState } from './cluster-state.ts';
import type { Outcome } from './outcome.ts';

type Row = readonly [string, string];

/** Lines with the first column padded; a row without a title continues the one above. */
function table(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(([title]) => title.length));
  return rows.map(([title, value]) => `  ${title.padEnd(width)}  ${value}`).join('\n');
}

function list(title: string, values: readonly string[], none: string): Row[] {
  if (values.length === 0) return [[title, none]];
  return values.map((value, index) => [index === 0 ? title : '', value]);
}

/** What the Shoot became. */
export function shootTable({ technicalID, infrastructure, metal, cluster, ready }: Outcome): string {
  const tagged = (tags: readonly string[] = []): string => (tags.length > 0 ? `  [${tags.join(', ')}]` : '');
  const labels = (record: Readonly<Record<string, string>> = {}): string[] =>
    Object.entries(record).map(([key, value]) => `${key}=${value}`);
  return table([
    ['technical id', technicalID || 'none yet'],
    ['state', ready ? 'ready' : 'not ready'],
    ['nodes network', infrastructure.nodesCIDR ?? 'none'],
    ...list('egress CIDRs', infrastructure.egressCIDRs, 'none reported (the firewall controller writes them)'),
    ...list(
      'metal networks',
      metal.networks.map(({ id, prefixes, labels: own }) => `${id}  ${prefixes.join(' ')}${tagged(labels(own))}`),
      'none',
    ),
    ...list(
      'metal IPs',
      metal.ips.map(({ ipaddress, networkid, type, tags }) => `${ipaddress}  ${networkid} ${type}${tagged(tags)}`),
      'none',
    ),
    ...firewallRows(cluster),
    ...list(
      'firewalls',
      metal.firewalls.map(({ id, allocation }) => `${id}  ${allocation?.hostname ?? ''}`),
      'none',
    ),
    ['load balancer', loadBalancerText(cluster)],
    ...list(
      'machine pools',
      cluster.machineDeployments.map(
        ({ name, replicas, available, class: of }) => `${name}  ${available} of ${replicas} available  class ${of}`,
      ),
      'none',
    ),
    ...list(
      'machines',
      metal.machines.map(({ id, allocation }) => `${id}  ${allocation?.hostname ?? ''}`),
      'none',
    ),
    ...list(
      'nodes',
      cluster.nodes.map(({ name, ready: isReady }) => `${name}  ${isReady ? 'Ready' : 'NotReady'}`),
      'none',
    ),
    ...list(
      'delivered',
      cluster.managedResources.map(({ name, healthy }) => `${name}  ${healthy ? 'healthy' : 'not healthy'}`),
      'nothing',
    ),
  ]);
}

function firewallRows({ firewall, policies }: ClusterState): Row[] {
  if (!firewall) return [['firewall', 'none']];
  const { image, networks, egress, rateLimits, ready } = firewall;
  return [
    ['firewall', `${image}  ${ready}`],
    ...list('  networks', [networks.join(', ')], 'none'),
    ...list('  egress', egress, 'the firewall’s own addresses'),
    ...list('  rate limits', rateLimits, 'none'),
    ...list(
      '  lets through',
      policies.map(({ name, allows }) => `${name}: ${allows.join('; ')}`),
      'nothing yet',
    ),
  ];
}

function loadBalancerText({ loadBalancer }: ClusterState): string {
  if (!loadBalancer) return 'none';
  return `${loadBalancer.kind}, addresses from ${loadBalancer.defaultNetwork || 'no network unless a Service names one'}`;
}

export interface Places {
  /** Relative to where the user is. */
  readonly dir: string;
  readonly example: string;
  readonly metalControl: string;
  readonly namespace: string;
  readonly technicalID: string;
}

/** Where things are, and what to try next. */
export function nextSteps({ dir, example, metalControl, namespace, technicalID }: Places): string {
  const kubectl = `${dir}/kubectl --kubeconfig ${dir}/garden.kubeconfig`;
  const files = table([
    ['garden and seed', `${dir}/garden.kubeconfig`],
    ['shoot', `${dir}/shoot.kubeconfig`],
    ['logs', `${dir}/logs/`],
  ]);
  const commands: readonly Row[] = [
    ['a second Shoot', `${kubectl} apply -f ${example}/shoot-ipv6.yaml`],
    ['a Shoot full of mistakes', `${kubectl} apply -f ${example}/shoot-refused.yaml`],
    ['all Shoots', `${kubectl} get shoots -A`],
    ['what the extension is asked for', `${kubectl} -n ${technicalID} get infrastructure,controlplane,worker -o yaml`],
    ['machines and firewalls', `${kubectl} -n ${technicalID} get machinedeployments,machines,firewalls`],
    ['Espalier, as helm has installed it', `${dir}/helm --kubeconfig ${dir}/garden.kubeconfig list -A`],
    ['its Deployment in the seed', `${kubectl} -n extension-provider-metal get deployments,pods`],
    ['nodes', `${dir}/kubectl --kubeconfig ${dir}/shoot.kubeconfig get nodes`],
    [
      'reconcile it once more',
      `${kubectl} -n ${namespace} annotate shoot example gardener.cloud/operation=reconcile shoot.gardener.cloud/tasks=deployInfrastructure`,
    ],
    [
      'delete the Shoot',
      `${kubectl} -n ${namespace} annotate shoot example confirmation.gardener.cloud/deletion=true && ${kubectl} -n ${namespace} delete shoot example --wait=false`,
    ],
    ['what metal-api holds', `curl -s ${metalControl}/state`],
    [
      'make metal-api fail',
      `curl -s -X PUT ${metalControl}/knobs -d '{"errors":[{"pattern":"*","rate":0.3,"status":500}]}'`,
    ],
  ];
  const shown = commands.map(([title, command]) => `  # ${title}\n  ${command}`).join('\n');
  return `Where things are\n${files}\n\nTry next\n${shown}\n`;
}
