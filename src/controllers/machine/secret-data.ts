import type { MachineClass } from '../../apis/machine/machine.ts';
import type { KubeClient } from '../../kube/client.ts';
import { Lru } from '../../kube/lru.ts';
import { secrets } from '../../kube/secret.ts';
import type { MachineDriver } from '../../providers/machine.ts';
import { type ControlCaches, secretNamesOf } from './caches.ts';

type Data = Readonly<Record<string, Buffer>>;

/** The data of classes' Secrets: each is read once for each of its versions. */
export interface SecretData {
  /** Of the class's Secret and of its credentials together. What is not there has nothing to say. */
  of(machineClass: MachineClass, signal: AbortSignal): Promise<Data>;
  /** Changes with the data. */
  versionOf(machineClass: MachineClass): string;
}

/** One for each pool and zone, and the credentials; user data is some dozen KiB. */
const keepAtMost = 64;

export function createSecretData(
  client: KubeClient,
  caches: Pick<ControlCaches, 'secrets'>,
  namespace: string,
  merged: MachineDriver['secretOf'] = (own, credentials) => ({ ...own, ...credentials }),
): SecretData {
  const known = new Lru<Data>(keepAtMost);
  const reading = new Map<string, Promise<Data>>();
  const versionOf = (name: string) => caches.secrets.get({ namespace, name })?.metadata.resourceVersion;
  const read = async (name: string): Promise<Data> => {
    const secret = await client.find(secrets, { namespace, name });
    const data = Object.entries(secret?.data ?? {});
    return Object.fromEntries(data.map(([key, value]) => [key, Buffer.from(value, 'base64')]));
  };
  const dataOf = async (name: string): Promise<Data> => {
    const version = versionOf(name);
    if (version === undefined) return read(name);
    const id = `${name} ${version}`;
    const data = known.get(id) ?? (await reading.get(id));
    if (data) return data;
    const started = read(name).finally(() => reading.delete(id));
    reading.set(id, started);
    return known.set(id, await started);
  };
  return {
    async of(machineClass, signal) {
      const [own = {}, credentials = {}] = await Promise.all(secretNamesOf(machineClass).map(dataOf));
      signal.throwIfAborted();
      return merged(own, credentials);
    },
    versionOf: (machineClass) => secretNamesOf(machineClass).map(versionOf).join(' '),
  };
}
