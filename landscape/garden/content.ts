import type { KubeClient } from '../../src/kube/client.ts';
import { type Clock, sleep, systemClock } from '../../src/kube/clock.ts';
import { ApiError } from '../../src/kube/errors.ts';
import { createOrPatch } from '../gardenlet/merge.ts';
import { namespaces } from '../gardenlet/resources.ts';
import { adapt, type LandscapeValues } from './adapt.ts';
import { applyManifests } from './apply.ts';
import { type Manifest, readExample } from './manifests.ts';

/** What an operator sets up before the first Shoot, in the order in which Gardener wants it. */
const operatorFiles = [
  'project.yaml',
  'controller-registrations.yaml',
  'cloudprofile.yaml',
  'credentials.yaml',
  'seed.yaml',
] as const;

/**
 * Puts example/ into the garden, without Shoots, with the landscape's own metal-api. What is there already is brought up
 * to date, so it can be called again.
 */
export async function applyGardenContent(
  garden: KubeClient,
  values: LandscapeValues,
  signal: AbortSignal,
): Promise<void> {
  await ensureNamespace(garden, 'garden', signal);
  for (const file of operatorFiles) {
    await retryWhileSettling(() => readAndApply(garden, file, values, signal), signal);
  }
}

/** Applies a file of example/, e.g. `shoot.yaml`, and returns its objects. */
export async function applyExample(
  garden: KubeClient,
  file: string,
  values: LandscapeValues,
  signal: AbortSignal,
): Promise<Manifest[]> {
  return retryWhileSettling(() => readAndApply(garden, file, values, signal), signal);
}

async function readAndApply(
  garden: KubeClient,
  file: string,
  values: LandscapeValues,
  signal: AbortSignal,
): Promise<Manifest[]> {
  const manifests = adapt(await readExample(file), values);
  await applyManifests(garden, manifests, signal);
  return manifests;
}

export async function ensureNamespace(garden: KubeClient, name: string, signal: AbortSignal): Promise<void> {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
  await createOrPatch(garden, namespaces, { name }, () => namespace, signal);
}

/**
 * Gardener's admission reads from caches that may not have seen yet what was applied a moment ago: it forbids what will be
 * allowed as soon as they have. What still fails after `timeoutMs` is thrown.
 */
async function retryWhileSettling<T>(
  work: () => Promise<T>,
  signal: AbortSignal,
  clock: Clock = systemClock,
  timeoutMs = 15_000,
): Promise<T> {
  const end = clock.monotonic() + timeoutMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isSettling(error) || clock.monotonic() > end) throw error;
      await sleep(clock, 250, signal);
    }
  }
}

const settlingCodes: readonly number[] = [400, 403, 404, 422, 500, 503];
const isSettling = (error: unknown): boolean => error instanceof ApiError && settlingCodes.includes(error.code);
