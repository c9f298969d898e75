import type { Shoot } from '../../../apis/core/shoot.ts';
import type { ShootReview } from '../../admission.ts';
import { defaultFirewallImage } from '../firewall-image.ts';
import type { AddressFamily } from '../metal-api/types.ts';
import type { DefaultOptions } from './default-options.ts';
import { isWithin, SHOOT_EXTENT } from './extent.ts';
import { at, filled, isDeleted, isJson } from './members.ts';
import { networkDefaults } from './network-config.ts';
import { type Profile, planeOf } from './profile.ts';

const MASK_SIZE = ['spec', 'kubernetes', 'kubeControllerManager', 'nodeCIDRMaskSize'];
const MAX_PODS = ['spec', 'kubernetes', 'kubelet', 'maxPods'];
const KUBE_PROXY = ['spec', 'kubernetes', 'kubeProxy', 'enabled'];
const NETWORK_TYPE = ['spec', 'networking', 'type'];
const NETWORK_CONFIG = ['spec', 'networking', 'providerConfig'];
const PODS = ['spec', 'networking', 'pods'];
const SERVICES = ['spec', 'networking', 'services'];
const INFRASTRUCTURE = ['spec', 'provider', 'infrastructureConfig'];
const FIREWALL_IMAGE = [...INFRASTRUCTURE, 'firewall', 'image'];
const FIREWALL_SIZE = [...INFRASTRUCTURE, 'firewall', 'size'];

/**
 * The Shoot with defaults where it says nothing (metal-provider 2.2). A Shoot that exists runs with something already:
 * what an update leaves out stays as it was, and what was never said is not said now. Only image and size of the
 * firewall are filled in at any time, since nothing runs without. What cannot be read is left for the validator.
 */
export function defaultShoot(review: ShootReview, profile: Profile | undefined, options: DefaultOptions): Shoot {
  const { object, old } = review;
  if (!isWithin(object, SHOOT_EXTENT) || !isDefaultable(object)) return object;
  return old ? keptFrom(old, object, profile) : withDefaults(object, profile, options);
}

/** Workerless Shoots are refused, and those on their way out are left alone. */
function isDefaultable(shoot: unknown): boolean {
  const workers = at(shoot, ['spec', 'provider', 'workers']);
  const type = at(shoot, ['spec', 'provider', 'type']) ?? 'metal';
  return type === 'metal' && !isDeleted(shoot) && Array.isArray(workers) && workers.length > 0;
}

function keptFrom(old: Shoot, shoot: Shoot, profile: Profile | undefined): Shoot {
  const paths = [MASK_SIZE, MAX_PODS, NETWORK_TYPE, PODS, SERVICES];
  const sameType = [undefined, at(old, NETWORK_TYPE)].includes(at(shoot, NETWORK_TYPE));
  const networkPaths = sameType ? [KUBE_PROXY, NETWORK_CONFIG] : [];
  const kept = [...paths, ...networkPaths].reduce((kept, path) => filled(kept, path, at(old, path)), shoot);
  if (!isJson(at(shoot, INFRASTRUCTURE))) return kept;
  const firewallPaths = [FIREWALL_IMAGE, FIREWALL_SIZE];
  return withFirewall(
    firewallPaths.reduce((kept, path) => filledText(kept, path, at(old, path)), kept),
    profile,
  );
}

function withDefaults(shoot: Shoot, profile: Profile | undefined, options: DefaultOptions): Shoot {
  return withNetwork(withPods(withFirewall(shoot, profile), options), options);
}

/** Nothing is filled in for an absent configuration, or an unknown partition: the validator says what is missing. */
function withFirewall(shoot: Shoot, profile: Profile | undefined): Shoot {
  const partitionID = at(shoot, [...INFRASTRUCTURE, 'partitionID']);
  const served = typeof partitionID === 'string' ? planeOf(profile, partitionID) : undefined;
  if (!served) return shoot;
  const image = defaultFirewallImage(served.plane.firewallImages ?? []);
  return filledText(filledText(shoot, FIREWALL_IMAGE, image), FIREWALL_SIZE, served.partition.firewallTypes?.[0]);
}

/** An empty text says nothing, like an absent one. */
function filledText(shoot: Shoot, path: readonly string[], value: unknown): Shoot {
  const parent = path.slice(0, -1);
  if (at(shoot, path) !== '') return filled(shoot, path, value);
  if (value === undefined) return shoot;
  const name = path.at(-1) ?? '';
  return replaced(shoot, parent, { ...(at(shoot, parent) as object), [name]: value });
}

function replaced<T>(object: T, path: readonly string[], value: unknown): T {
  const [name, ...rest] = path;
  if (name === undefined) return value as T;
  return { ...object, [name]: replaced(at(object, [name]), rest, value) } as T;
}

/** A node has room for the pods that it may run: Gardener refuses more pods than addresses, and keeps two of them. */
function withPods(shoot: Shoot, options: DefaultOptions): Shoot {
  const isIPv4 = familiesOf(shoot).includes('IPv4');
  const masked = isIPv4 ? filled(shoot, MASK_SIZE, options.nodeCIDRMaskSize) : shoot;
  const mask = at(masked, MASK_SIZE);
  const room = isIPv4 && typeof mask === 'number' ? 2 ** (32 - mask) - 2 : Number.POSITIVE_INFINITY;
  const maxPods = Math.min(options.maxPods, Math.floor(room));
  return maxPods > 0 ? filled(masked, MAX_PODS, maxPods) : masked;
}

function withNetwork(shoot: Shoot, options: DefaultOptions): Shoot {
  const families = familiesOf(shoot);
  const isIPv4First = families[0] === 'IPv4';
  const typed = filled(shoot, NETWORK_TYPE, options.networkType);
  const ranged = isIPv4First ? filled(filled(typed, PODS, options.podsCIDR), SERVICES, options.servicesCIDR) : typed;
  const type = at(ranged, NETWORK_TYPE);
  const defaults = typeof type === 'string' ? networkDefaults(type, families, options) : undefined;
  if (!defaults || at(ranged, NETWORK_CONFIG) !== undefined) return ranged;
  return filled(filled(ranged, KUBE_PROXY, defaults.kubeProxyEnabled), NETWORK_CONFIG, defaults.providerConfig);
}

/** Read with care: nothing has judged the Shoot yet. */
function familiesOf(shoot: unknown): readonly AddressFamily[] {
  const given = at(shoot, ['spec', 'networking', 'ipFamilies']);
  const families = (Array.isArray(given) ? given : []).filter(
    (family): family is AddressFamily => family === 'IPv4' || family === 'IPv6',
  );
  return families.length > 0 ? families : ['IPv4'];
}
