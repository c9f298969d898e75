import { PARTITION, PROJECT } from '../../landscape/metal-api/fixture.ts';
import type { Ip, IpType, Network } from '../../landscape/metal-api/model.ts';
import type { MetalApi } from '../../landscape/metal-api/server.ts';
import { send } from '../../landscape/metal-api/test-client.ts';
import { CLUSTER_ID } from '../../src/providers/metal/tags.ts';

/** Everything that metal-api holds, by id, each as JSON: every write shows, if only in `changed`. */
export interface Stock {
  readonly networks: ReadonlyMap<string, string>;
  readonly ips: ReadonlyMap<string, string>;
  readonly machines: ReadonlyMap<string, string>;
}

export function stockOf({ state }: MetalApi): Stock {
  const { networks, ips, machines } = state;
  return {
    networks: new Map([...networks].map(([id, network]) => [id, JSON.stringify(network)])),
    ips: new Map([...ips.all()].map((ip) => [ip.ipaddress, JSON.stringify(ip)])),
    machines: new Map([...machines].map(([id, machine]) => [id, JSON.stringify(machine)])),
  };
}

/** What is in one of the two only, or differs. */
export function differences(expected: Stock, found: Stock): string[] {
  return (['networks', 'ips', 'machines'] as const).flatMap((kind) => {
    const ids = [...new Set([...expected[kind].keys(), ...found[kind].keys()])];
    return ids
      .filter((id) => expected[kind].get(id) !== found[kind].get(id))
      .map((id) => `${kind} ${id}: expected ${expected[kind].get(id)}, found ${found[kind].get(id)}`);
  });
}

/** The networks that carry the label of a cluster. */
export function networksOf({ state }: MetalApi, clusterID: string): Network[] {
  return [...state.networks.values()].filter((network) => network.labels[CLUSTER_ID] === clusterID);
}

/** An IP of the network `internet`, as somebody else than the controllers allocates it. */
export async function allocateIP(metalApi: MetalApi, type: IpType, tags: readonly string[] = []): Promise<Ip> {
  return allocate(metalApi, 'ip', { networkid: 'internet', projectid: PROJECT, type, tags });
}

export async function allocateNetwork(metalApi: MetalApi, labels: Record<string, string>): Promise<Network> {
  return allocate(metalApi, 'network', { projectid: PROJECT, partitionid: PARTITION, name: 'foreign', labels });
}

async function allocate<T>(metalApi: MetalApi, kind: 'ip' | 'network', order: object): Promise<T> {
  const url = `${metalApi.url}/v1/${kind}/allocate`;
  const { status, body } = await send(url, 'POST', { authorization: 'Bearer admin-token' }, order);
  if (status !== 201) throw new Error(`metal-api answered ${status}: ${JSON.stringify(body)}`);
  return body as T;
}
