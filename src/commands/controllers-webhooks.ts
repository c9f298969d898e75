import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Registry } from 'prom-client';
import type { ControllerConfiguration } from '../apis/metal/controller-configuration.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Clock } from '../kube/clock.ts';
import type { Logger } from '../kube/logger.ts';
import type { MachineController } from '../providers/metal/images.ts';
import { createMetalSeedMutations } from '../providers/metal/seed-webhooks/mutations.ts';
import type { Provider } from '../providers/provider.ts';
import { createApp } from '../webhooks/app.ts';
import { createCertificateFiles } from '../webhooks/certificates/files.ts';
import { createManagedCertificates } from '../webhooks/certificates/managed.ts';
import { certificateNames } from '../webhooks/certificates/names.ts';
import { createMemoryStore, createSecretStore } from '../webhooks/certificates/store.ts';
import { startWebhookHost, type WebhookHost } from '../webhooks/host.ts';
import { createWebhookMetrics } from '../webhooks/metrics.ts';
import { createRegistrar } from '../webhooks/registrar.ts';
import { buildConfiguration, type ClientMode, servingHosts } from '../webhooks/registration.ts';
import { createShootDelivery, type ShootDelivery } from '../webhooks/seed/shoot-delivery.ts';
import { createSeedWebhooks } from '../webhooks/seed/webhooks.ts';
import { clientModeOf } from './admission-settings.ts';
import type { ControllersValues } from './controllers-settings.ts';

export interface SeedHostOptions {
  readonly values: ControllersValues;
  readonly port: number;
  readonly config: ControllerConfiguration;
  readonly machineController: MachineController;
  readonly provider: Provider;
  /** Of the seed. */
  readonly client: KubeClient;
  readonly registry: Registry;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface SeedWebhooks {
  readonly host: WebhookHost;
  readonly delivery: ShootDelivery;
}

/** Serves the webhooks of seed and shoots in this replica; the leader registers them. */
export async function startSeedWebhooks(options: SeedHostOptions, stop: AbortSignal): Promise<SeedWebhooks> {
  const { values, port, config, machineController, provider, client, registry, clock, log } = options;
  const mutations = createMetalSeedMutations({ config, machineController });
  const disabled: readonly string[] = values['disable-webhooks'];
  const webhooks = createSeedWebhooks({
    client,
    rules: provider.admission,
    mutations,
    type: provider.type,
    clock,
  }).filter(({ name }) => !disabled.includes(name));
  const component = provider.name;
  const clientMode = clientModeOf(values);
  const registrar = createRegistrar({
    client,
    mode: 'full',
    webhooks,
    target: 'seed',
    component,
    clientMode,
    ownerNamespace: values['webhook-config-owner-namespace'] ?? values['webhook-config-namespace'],
    log,
  });
  const inShoots = { webhooks, target: 'shoot', component, client: clientMode } as const;
  const delivery = createShootDelivery({
    client,
    type: provider.type,
    configure: (bundle) => buildConfiguration('mutating', { ...inShoots, bundle }),
    log,
  });
  const metrics = createWebhookMetrics(registry);
  const host = await startWebhookHost(
    {
      address: { host: values['webhook-config-server-host'], port },
      listener: createApp({ webhooks, log, metrics, clock }),
      certificates: certificatesOf(options, clientMode),
      registrar,
      publish: (bundle, signal) => delivery.publish(bundle, signal),
      metrics,
      clock,
      log,
    },
    stop,
  );
  log.info({ port: host.port, webhooks: webhooks.map(({ name }) => name) }, 'Serving webhooks');
  return { host, delivery };
}

function certificatesOf({ values, provider, client, clock, log }: SeedHostOptions, clientMode: ClientMode) {
  const directory = values['webhook-config-cert-dir'];
  if (directory && ['tls.crt', 'tls.key'].every((name) => existsSync(join(directory, name)))) {
    return createCertificateFiles({ directory, clock, log });
  }
  const names = certificateNames(provider.name);
  const namespace = values['webhook-config-namespace'];
  const store = namespace ? createSecretStore(client, namespace, names) : createMemoryStore();
  return createManagedCertificates({ store, names, hosts: servingHosts(provider.name, clientMode), clock, log });
}
