import type { KubeClient } from '../../src/kube/client.ts';
import type { Clock } from '../../src/kube/clock.ts';
import { isNotFound } from '../../src/kube/errors.ts';
import { createInformer } from '../../src/kube/informer.ts';
import type { Informer, InformerEvent } from '../../src/kube/lister.ts';
import type { Logger } from '../../src/kube/logger.ts';
import { keyOf } from '../../src/kube/object.ts';
import { syncCloudProvider } from './credentials.ts';
import { createKeyed } from './keyed.ts';
import { isOurs } from './operate.ts';
import { type CredentialsBinding, credentialsBindings, namespaces, type Secret, secrets } from './resources.ts';
import type { ShootObject } from './shoot.ts';

export interface CredentialsSyncOptions {
  readonly garden: KubeClient;
  readonly seed: KubeClient;
  readonly signal: AbortSignal;
  readonly log: Logger;
  readonly clock: Clock;
  readonly seedName: string;
  readonly shoots: Informer<ShootObject>;
}

/**
 * Copies credentials again as soon as their source in the garden changes, beside the operations: one that waits for an
 * extension with credentials that were wrong is helped at once. Runs until the signal is aborted.
 */
export async function syncCredentialsOnChange(options: CredentialsSyncOptions): Promise<void> {
  const { garden, signal, log, clock, shoots, seedName } = options;
  const bindings = createInformer({ client: garden, resource: credentialsBindings, log, clock });
  const sources = createInformer({ client: garden, resource: secrets, log, clock });
  const keyed = createKeyed({
    run: (key, ended) => sync({ ...options, signal: ended }, key),
    backoff: { baseMs: 1_000, maxMs: 30_000 },
    onError: (shoot, error) => log.warn({ shoot, err: error }, 'Copying the credentials failed and is tried again'),
    ...{ clock, signal },
  });
  const trigger = (namespace: string | undefined, binding: string): void => {
    const users = shoots.list(namespace).filter((shoot) => shoot.spec.credentialsBindingName === binding);
    for (const shoot of users.filter((user) => isOurs(user, seedName))) keyed.trigger(keyOf(shoot.metadata));
  };
  const running = [bindings.run(signal), sources.run(signal)];
  // Subscribed when all are there: a change is told once, and must find the binding and the Shoots that it concerns.
  await Promise.all([shoots, bindings].map((informer) => informer.waitForSync(signal))).catch(() => undefined);
  bindings.subscribe(({ object }) => trigger(object.metadata.namespace, object.metadata.name));
  sources.subscribe((event) => {
    for (const binding of bindings.list().filter((item) => refersTo(item, event))) {
      trigger(binding.metadata.namespace, binding.metadata.name);
    }
  });
  await Promise.all(running);
  await keyed.drained();
}

function refersTo({ credentialsRef }: CredentialsBinding, { object }: InformerEvent<Secret>): boolean {
  return credentialsRef.name === object.metadata.name && credentialsRef.namespace === object.metadata.namespace;
}

/** Only where the Shoot's namespace is there and stays; before that, the flow copies them itself. */
async function sync(options: CredentialsSyncOptions, key: string): Promise<void> {
  const { seed, signal } = options;
  const shoot = options.shoots.get(key);
  const namespace = shoot?.status?.technicalID;
  if (!shoot || !namespace) return;
  const found = await seed.find(namespaces, { name: namespace }, { signal });
  if (!found || found.metadata.deletionTimestamp) return;
  try {
    await syncCloudProvider(options, shoot, namespace);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
