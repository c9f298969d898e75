import type { KubeClient, ListOptions } from '../kube/client.ts';
import type { KubeObject } from '../kube/object.ts';
import type { Resource } from '../kube/resource.ts';
import type { ProviderDoctor } from '../providers/doctor.ts';

/** Whose seed is read, and for which extension. */
export interface SeedReader {
  readonly kube: KubeClient;
  /** `spec.type` of its objects. */
  readonly type: string;
  /** Its name, e.g. `provider-metal`. */
  readonly provider: string;
  readonly signal: AbortSignal;
}

export interface Garden {
  /** For people. */
  readonly name: string;
  readonly client: KubeClient;
}

export interface GardenReader {
  readonly name: string;
  readonly kube: KubeClient;
  /** Provider type of profiles and bindings. */
  readonly type: string;
  readonly doctor: Pick<ProviderDoctor, 'credentialFaults'>;
  readonly signal: AbortSignal;
}

export async function list<T extends KubeObject>(
  { kube, signal }: SeedReader,
  resource: Resource<T>,
  options: ListOptions = {},
): Promise<T[]> {
  return (await kube.list(resource, { ...options, signal })).items;
}
