import { goDuration } from '../../../apis/go-duration.ts';
import type { InfrastructureConfig } from '../../../apis/metal/infrastructure-config.ts';
import type { FieldError } from '../../admission.ts';
import { canonicalIP } from '../infrastructure/scope.ts';
import type { AddressFamily } from '../metal-api/types.ts';
import { familyOfIP } from './addresses.ts';
import { duplicate, indexed, invalid, notSupported, required } from './field-errors.ts';

type Firewall = NonNullable<InfrastructureConfig['firewall']>;

const NO_NETWORK = 'at least one external network is needed: a cluster without a way out cannot start';

/** What an InfrastructureConfig must say, whatever the profile offers. */
export function infrastructureErrors(
  config: InfrastructureConfig,
  families: readonly AddressFamily[],
  root: string,
): FieldError[] {
  const firewall = config.firewall ?? {};
  const field = `${root}.firewall`;
  return [
    ...(config.projectID ? [] : [required(`${root}.projectID`, 'the project of metal-api must be named')]),
    ...(config.partitionID ? [] : [required(`${root}.partitionID`, 'the partition of metal-api must be named')]),
    ...(firewall.image ? [] : [required(`${field}.image`, 'the image of the firewall must be named')]),
    ...(firewall.size ? [] : [required(`${field}.size`, 'the size of the firewall must be named')]),
    ...networkErrors(firewall.networks ?? [], `${field}.networks`),
    ...rateLimitErrors(firewall, `${field}.rateLimits`),
    ...egressRuleErrors(firewall, families, `${field}.egressRules`),
    ...timeoutErrors(firewall.firewallHealthTimeout, `${field}.firewallHealthTimeout`),
    ...timeoutErrors(firewall.firewallCreateTimeout, `${field}.firewallCreateTimeout`),
  ];
}

function networkErrors(networks: readonly string[], root: string): FieldError[] {
  if (networks.length === 0) return [required(root, NO_NETWORK)];
  const seen = new Set<string>();
  return networks.flatMap((network, index) => {
    const field = indexed(root, index);
    if (network === '') return [required(field, 'a network must not be empty')];
    return onceErrors(seen, network, field);
  });
}

function rateLimitErrors({ rateLimits = [], networks = [] }: Firewall, root: string): FieldError[] {
  const seen = new Set<string>();
  const known = new Set(networks);
  return rateLimits.flatMap(({ networkID, rateLimit }, index) => {
    const field = indexed(root, index);
    return [
      ...referenceErrors(networkID, known, seen, `${field}.networkID`),
      ...(rateLimit === undefined ? [required(`${field}.rateLimit`, 'a rate in MiB per second must be given')] : []),
      ...(rateLimit === 0 ? [invalid(`${field}.rateLimit`, 0, 'must be greater than 0 MiB per second')] : []),
    ];
  });
}

function egressRuleErrors(
  { egressRules = [], networks = [] }: Firewall,
  families: readonly AddressFamily[],
  root: string,
): FieldError[] {
  const seen = new Set<string>();
  const seenIPs = new Set<string>();
  const known = new Set(networks);
  return egressRules.flatMap(({ networkID, ips = [] }, index) => {
    const field = indexed(root, index);
    return [
      ...referenceErrors(networkID, known, seen, `${field}.networkID`),
      ...(ips.length === 0 ? [required(`${field}.ips`, 'the addresses that traffic leaves from must be named')] : []),
      ...ips.flatMap((ip, at) => ipErrors(ip, families, seenIPs, indexed(`${field}.ips`, at))),
    ];
  });
}

function ipErrors(ip: string, families: readonly AddressFamily[], seen: Set<string>, field: string): FieldError[] {
  const address = canonicalIP(ip);
  if (address === undefined) return [invalid(field, ip, 'must be an IP address')];
  const family = familyOfIP(address);
  if (!families.includes(family)) {
    return [invalid(field, ip, `is ${family}, but the Shoot uses [${families.join(', ')}]`)];
  }
  return onceErrors(seen, address, field, ip);
}

/** A network that a rule names: given, one of the firewall's, and in one rule only. */
function referenceErrors(
  networkID: string | undefined,
  known: ReadonlySet<string>,
  seen: Set<string>,
  field: string,
): FieldError[] {
  if (!networkID) return [required(field, 'a network must be named')];
  if (!known.has(networkID)) return [notSupported(field, networkID, [...known].slice(0, 100))];
  return onceErrors(seen, networkID, field);
}

function onceErrors(seen: Set<string>, value: string, field: string, shown = value): FieldError[] {
  if (seen.has(value)) return [duplicate(field, shown, 'is given more than once')];
  seen.add(value);
  return [];
}

const SHORTEST_TIMEOUT = 60_000;
const LONGEST_TIMEOUT = 24 * 3_600_000;

/** Zero switches the timeout off (firewall-controller-manager). A firewall machine needs minutes to be installed. */
function timeoutErrors(text: string | undefined, field: string): FieldError[] {
  if (text === undefined) return [];
  const timeout = goDuration(text);
  if (timeout === undefined) return [invalid(field, text, 'must be a duration, for example 30m or 1h30m')];
  if (timeout === 0 || (timeout >= SHORTEST_TIMEOUT && timeout <= LONGEST_TIMEOUT)) return [];
  return [invalid(field, text, 'must be 0 (off) or between 1m and 24h')];
}
