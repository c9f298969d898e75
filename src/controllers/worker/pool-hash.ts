import { createHash } from 'node:crypto';
import { coerce, parse, type SemVer } from 'semver';
import type { KubeletConfig, WorkerPool } from '../../apis/extensions/worker.ts';
import { OperationError } from '../../providers/errors.ts';
import type { PoolPlan } from '../../providers/worker.ts';
import type { ShootFacts } from './shoot-facts.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hashOf = (parts: readonly string[]) => sha256(parts.map(sha256).join(''));

export function isInPlace(pool: WorkerPool): boolean {
  return pool.updateStrategy === 'AutoInPlaceUpdate' || pool.updateStrategy === 'ManualInPlaceUpdate';
}

/**
 * Five characters in the names of a pool's MachineClasses: new machines are made exactly when they change. Existing
 * clusters depend on the bytes of the inputs, so they are frozen (gardener-contract 2.2, metal-provider 3.4).
 */
export function poolHash({ pool, hashData }: Pick<PoolPlan, 'pool' | 'hashData'>, shoot: ShootFacts): string {
  return hashOf(partsOf(pool, hashData, shoot)).slice(0, 5);
}

function partsOf(pool: WorkerPool, { rolling, inPlace }: PoolPlan['hashData'], shoot: ShootFacts): readonly string[] {
  const name = pool.nodeAgentSecretName;
  if (isInPlace(pool)) return [...(name ? [name] : []), inPlaceHash(pool, shoot), ...inPlace];
  return name ? [name, ...rolling] : partsWithoutNodeAgent(pool, rolling, shoot);
}

/** Of a pool for which gardenlet names no node agent's Secret: up to v1.145 the library's first version of the hash. */
function partsWithoutNodeAgent(pool: WorkerPool, rolling: readonly string[], shoot: ShootFacts): readonly string[] {
  const version = versionOf(pool, pool.kubernetesVersion ?? shoot.kubernetesVersion);
  const { name = '', version: image = '' } = pool.machineImage;
  const { volume, providerConfig } = pool;
  return [
    minorOf(version),
    pool.machineType,
    name + image,
    ...(volume ? [volume.size, ...(volume.type === undefined ? [] : [volume.type])] : []),
    ...(providerConfig === undefined || providerConfig === null ? [] : [goJSON(providerConfig)]),
    ...rolling,
    ...(shoot.criName === undefined ? [] : [shoot.criName]),
    ...shoot.rotations.map(goTime),
    ...(shoot.nodeLocalDNS && (version.compare('1.34.0') < 0 || shoot.ipvs) ? ['node-local-dns'] : []),
  ];
}

/** 16 characters; what a pool that is updated in place has come to shows in status.inPlaceUpdates. */
export function inPlaceHash(pool: WorkerPool, shoot: ShootFacts): string {
  return hashOf([
    minorOf(versionOf(pool, pool.kubernetesVersion)),
    pool.machineImage.version ?? '',
    ...shoot.rotations.map(goTime),
    ...kubeletParts(pool.kubeletConfig ?? {}),
  ]).slice(0, 16);
}

function kubeletParts({ kubeReserved, evictionHard, cpuManagerPolicy }: KubeletConfig): readonly string[] {
  const parts: string[] = [];
  if (kubeReserved) {
    const { cpu, memory, pid, ephemeralStorage } = kubeReserved;
    parts.push([cpu, memory, pid, ephemeralStorage].map((value) => value ?? '<nil>').join('-'));
  }
  if (evictionHard) {
    const { imageFSAvailable, imageFSInodesFree, memoryAvailable, nodeFSAvailable, nodeFSInodesFree } = evictionHard;
    parts.push([imageFSAvailable, imageFSInodesFree, memoryAvailable, nodeFSAvailable, nodeFSInodesFree].join('-'));
  }
  return cpuManagerPolicy === undefined ? parts : [...parts, cpuManagerPolicy];
}

function versionOf(pool: WorkerPool, version: string | undefined): SemVer {
  const parsed = parse(version) ?? coerce(version);
  if (parsed) return parsed;
  throw new OperationError(
    `worker pool ${pool.name} has no Kubernetes version that can be read: ${version ?? 'none'}. Set spec.kubernetes.version ` +
      'of the Shoot, or kubernetes.version of the pool, to one like 1.33.2',
    { codes: ['ERR_CONFIGURATION_PROBLEM'] },
  );
}

const minorOf = ({ major, minor }: SemVer) => `${major}.${minor}`;

/** `2026-01-02 03:04:05 +0000 UTC`, as Go prints a time of whole seconds. */
function goTime(rfc3339: string): string {
  return `${new Date(rfc3339).toISOString().slice(0, 19).replace('T', ' ')} +0000 UTC`;
}

/** The bytes that an API server answers with. */
function goJSON(value: unknown): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, escaped);
}
