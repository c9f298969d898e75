import type { FirewallDeployment, FirewallSpec } from '../../../apis/firewall/firewall.ts';
import { SHOOT_FIREWALL } from '../../../apis/firewall/firewall-deployment.ts';
import { isZero, patchOfWhole } from '../../../kube/merge-patch.ts';
import { type ControllerVersion, controllerVersionFor, isAutomatic } from '../controller-version.ts';
import { configurationProblem } from '../errors.ts';
import { isPatchOf } from '../firewall-image.ts';
import { CLUSTER_ID } from '../tags.ts';
import { type Facts, sshPublicKeyOf } from './facts.ts';

export const FIREWALL_FINALIZER = 'firewall.metal-stack.io/firewall-controller-manager';
/** firewall-controller-manager fills in only what carries its namespace in this label. */
const NAMESPACE_LABEL = 'gardener-shoot-namespace';
const RECONCILE_ANNOTATION = 'firewall.metal-stack.io/reconcile';

/**
 * The firewall as the Shoot wants it (metal-provider 3.4). Of an existing one stays what others fill in (user data,
 * interval, strategy) and what firewall-controller-manager never lets change: project, partition, DNS port, selector and
 * the labels of its firewalls.
 */
export function desiredFirewallDeployment(facts: Facts, existing?: FirewallDeployment): FirewallDeployment {
  const { namespace, scope, firewall } = facts;
  const { metadata, spec } = existing ?? {};
  const ownLabels = { [CLUSTER_ID]: scope.clusterID };
  const finalizers = metadata?.finalizers ?? [];
  return {
    metadata: {
      name: SHOOT_FIREWALL,
      namespace,
      labels: { ...metadata?.labels, [NAMESPACE_LABEL]: namespace },
      finalizers: finalizers.includes(FIREWALL_FINALIZER) ? finalizers : [...finalizers, FIREWALL_FINALIZER],
    },
    spec: {
      ...spec,
      replicas: 1,
      autoUpdate: { machineImage: firewall.autoUpdateMachineImage ?? false },
      ...(existing ? {} : { selector: ownLabels }),
      template: {
        ...(existing ? spec?.template : { metadata: { labels: ownLabels } }),
        spec: firewallSpec(facts, spec?.template?.spec),
      },
    },
  };
}

/** Undefined when nothing is to change. The version that was read guards against a lost update. */
export function firewallPatch(facts: Facts, existing: FirewallDeployment): object | undefined {
  const { labels, finalizers } = existing.metadata;
  const desired = desiredFirewallDeployment(facts, existing);
  const metadata = patchOfWhole(
    { labels, finalizers },
    { labels: desired.metadata.labels, finalizers: desired.metadata.finalizers },
    isZero,
  );
  const spec = patchOfWhole(existing.spec, { ...desired.spec }, isZero);
  if (!metadata && !spec) return undefined;
  const { resourceVersion } = existing.metadata;
  const annotations = { [RECONCILE_ANNOTATION]: 'true' };
  return { metadata: { ...metadata, annotations, resourceVersion }, ...(spec ? { spec } : {}) };
}

function firewallSpec(facts: Facts, existing: FirewallSpec = {}): FirewallSpec {
  const { worker, scope, firewall, plane, isolation, privateNetworkID, config } = facts;
  const sshKey = sshPublicKeyOf(worker);
  const dnsServer = isolation?.dnsServers[0];
  const version = controllerVersion(plane.firewallControllerVersions, firewall.controllerVersion);
  return {
    ...existing,
    partition: existing.partition ?? scope.partitionID,
    project: existing.project ?? scope.projectID,
    size: required('size', firewall.size),
    image: imageOf(firewall, existing.image),
    networks: networksOf(firewall.networks, privateNetworkID),
    rateLimits: (firewall.rateLimits ?? []).map(({ networkID = '', rateLimit = 0 }) => ({
      networkID,
      rate: rateLimit,
    })),
    internalPrefixes: config.firewallInternalPrefixes ?? [],
    egressRules: (firewall.egressRules ?? []).map(({ networkID = '', ips = [] }) => ({ networkID, ips })),
    controllerVersion: version.version ?? '',
    controllerURL: version.url ?? '',
    nftablesExporterVersion: plane.nftablesExporter?.version ?? '',
    nftablesExporterURL: plane.nftablesExporter?.url ?? '',
    logAcceptedConnections: firewall.logAcceptedConnections ?? false,
    // Without a key of the nodes, firewall-controller-manager takes the one that it knows.
    ...(sshKey ? { sshPublicKeys: [sshKey] } : {}),
    dnsServerAddress: dnsServer ?? '',
    allowedNetworks: isolation?.allowedNetworks ?? {},
  };
}

/** While images are updated automatically, a patch version that was brought in that way stays. */
function imageOf({ image, autoUpdateMachineImage }: Facts['firewall'], existing: string | undefined): string {
  const wanted = required('image', image);
  return autoUpdateMachineImage && existing && isPatchOf(existing, wanted) ? existing : wanted;
}

/** The external networks in the user's order; the nodes' network comes last. */
function networksOf(networks: readonly string[] | undefined, privateNetworkID: string): string[] {
  const [first, ...rest] = networks ?? [];
  return [...new Set([required('networks', first), ...rest, privateNetworkID])];
}

function required(field: string, value: string | undefined): string {
  if (value) return value;
  throw configurationProblem(`firewall.${field} must be set in the Shoot's infrastructureConfig`);
}

function controllerVersion(
  available: readonly ControllerVersion[] | undefined,
  wanted: string | undefined,
): ControllerVersion {
  const found = controllerVersionFor(available, wanted);
  if (found) return found;
  if (isAutomatic(wanted)) {
    throw configurationProblem(
      'unable to detect most recent firewallcontrollerversion: the operator must classify one of ' +
        'firewallControllerVersions in the CloudProfile as supported',
    );
  }
  const versions = (available ?? []).map(({ version }) => version ?? '').join(', ');
  throw configurationProblem(
    `firewall controller version "${wanted}" was not found in available versions: [${versions}]`,
  );
}
