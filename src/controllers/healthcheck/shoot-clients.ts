import { createHash } from 'node:crypto';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../kube/clock.ts';
import { type ClosableKubeClient, createKubeClient, type KubeClientOptions } from '../../kube/http-client.ts';
import { loadKubeconfig } from '../../kube/kubeconfig.ts';
import { secrets } from '../../kube/secret.ts';
import { OperationError } from '../../providers/errors.ts';

/** Clients of the API servers of shoots, by control-plane namespace. */
export interface ShootClients {
  /** Rejects with OperationError when there is no usable kubeconfig. */
  client(namespace: string, signal: AbortSignal): Promise<KubeClient>;
  /** Something went wrong: the kubeconfig is to be read again before the next use, it may have been renewed. */
  doubt(namespace: string): void;
  close(): Promise<void>;
}

/** Of a client of a shoot. */
export type ShootClientOptions = Pick<KubeClientOptions, 'userAgent' | 'timeoutMs' | 'rateLimit'>;

interface Entry {
  readonly digest: string;
  readonly client: ClosableKubeClient;
  readAt: number;
  usedAt: number;
}

/** The kubeconfig for calls from inside the seed, and the one for calls over the internet (gardener-contract 3.4). */
const names = ['gardener-internal', 'gardener'];
const rereadAfterMs = 5 * 60_000;
const idleMs = 10 * 60_000;

export function createShootClients(seed: KubeClient, clock: Clock, options: ShootClientOptions): ShootClients {
  /** In the order of use: the first is unused for longest. */
  const entries = new Map<string, Entry>();

  const evict = () => {
    for (const [namespace, entry] of entries) {
      if (clock.monotonic() - entry.usedAt <= idleMs) return;
      entries.delete(namespace);
      void entry.client.close();
    }
  };
  const use = (namespace: string, entry: Entry): KubeClient => {
    entry.usedAt = clock.monotonic();
    entries.delete(namespace);
    entries.set(namespace, entry);
    evict();
    return entry.client;
  };
  return {
    async client(namespace, signal) {
      const fresh = entries.get(namespace);
      if (fresh && clock.monotonic() - fresh.readAt < rereadAfterMs) return use(namespace, fresh);
      const content = await readKubeconfig(seed, namespace, signal);
      const readAt = clock.monotonic();
      const digest = createHash('sha256').update(content).digest('base64');
      const known = entries.get(namespace);
      if (known?.digest === digest) {
        known.readAt = readAt;
        return use(namespace, known);
      }
      void known?.client.close();
      const client = createKubeClient({ ...options, content, connections: 2, clock });
      return use(namespace, { digest, client, readAt, usedAt: readAt });
    },
    doubt(namespace) {
      const entry = entries.get(namespace);
      if (entry) entry.readAt = Number.NEGATIVE_INFINITY;
    },
    async close() {
      const clients = [...entries.values()].map(({ client }) => client.close());
      entries.clear();
      await Promise.all(clients);
    },
  };
}

async function readKubeconfig(seed: KubeClient, namespace: string, signal: AbortSignal): Promise<string> {
  for (const name of names) {
    const secret = await seed.find(secrets, { namespace, name }, { signal });
    if (!secret) continue;
    const content = Buffer.from(secret.data?.kubeconfig ?? '', 'base64').toString('utf8');
    if (isUsable(content)) return content;
    // What the parser says may quote the document.
    throw new OperationError(`Secret ${namespace}/${name} has no kubeconfig that can be used; gardenlet writes it`);
  }
  throw new OperationError(`Secret ${namespace}/${names[0]} with the shoot's kubeconfig does not exist yet`);
}

/** Credentials are in the document itself: nothing is executed, and no file of this process is read, at its request. */
function isUsable(content: string): boolean {
  try {
    const { config } = loadKubeconfig({ content });
    const user = config.getCurrentUser();
    const outside = [user?.exec, user?.authProvider, user?.certFile, user?.keyFile, config.getCurrentCluster()?.caFile];
    return outside.every((reference) => !reference);
  } catch {
    return false;
  }
}
