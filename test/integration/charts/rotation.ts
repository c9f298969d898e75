import { expect } from 'vitest';
import { untilReady } from '../../../landscape/charts/release.ts';
import { deployments } from '../../../landscape/pods/deployment.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import { secrets } from '../../../src/kube/secret.ts';
import { webhookConfigurations } from '../../../src/webhooks/registration.ts';
import { eventually } from '../../scene/eventually.ts';

/** A process that makes its certificates itself. */
export interface Rotating {
  /** Of the cluster of the pods, and of the certificates. */
  readonly client: KubeClient;
  /** Of the cluster whose API server calls the webhooks. */
  readonly calledFrom: KubeClient;
  readonly namespace: string;
  /** Of its Deployment and its webhook configurations: `gardener-extension-...`. */
  readonly name: string;
}

const day = 86_400_000;

/**
 * All of a rotation (docs/operations/admission.md, Certificates): time is taken off the labels of the Secrets, and the
 * process is started anew instead of waiting until it looks again. `check`: what must hold at each step.
 */
export async function rotateCertificates(process: Rotating, check: () => Promise<void>): Promise<void> {
  const [first] = await bundles(process);
  const before = await certificatesOf(process);
  expect(before).toHaveLength(2);

  await age(process, before, 200 * day);
  await restart(process);
  await eventually(async () => {
    for (const bundle of await bundles(process)) expect(bundle).toEqual([expect.any(String), ...(first ?? [])]);
  });
  await check();

  const withAuthority = await certificatesOf(process);
  const authority = withAuthority.filter((name) => !before.includes(name));
  expect(authority).toHaveLength(1);
  await age(process, authority, day / 24);
  await restart(process);
  await eventually(async () => expect(await certificatesOf(process)).toHaveLength(4));
  await check();

  const fresh = (await certificatesOf(process)).filter((name) => !before.includes(name));
  await age(process, fresh, 2 * day);
  await restart(process);
  await eventually(async () => {
    expect(await certificatesOf(process)).toEqual(fresh);
    for (const bundle of await bundles(process)) {
      expect(bundle).toHaveLength(1);
      expect(first).not.toContain(bundle[0]);
    }
  });
  await check();
}

const selectorOf = ({ name }: Rotating): string => `manager-identity=${name}-webhook`;

async function certificatesOf(process: Rotating): Promise<string[]> {
  const { client, namespace } = process;
  const { items } = await client.list(secrets, { namespace, labelSelector: selectorOf(process) });
  return items.map(({ metadata }) => metadata.name).sort();
}

/** What each configuration trusts, certificate by certificate. */
async function bundles({ calledFrom, name }: Rotating): Promise<string[][]> {
  const all = await Promise.all(
    Object.values(webhookConfigurations).map((resource) => calledFrom.get(resource, { name })),
  );
  return all
    .flatMap(({ webhooks = [] }) => webhooks)
    .map(({ clientConfig }) =>
      Buffer.from(clientConfig.caBundle ?? '', 'base64')
        .toString()
        .split(/(?<=-----END CERTIFICATE-----)\s*/)
        .filter(Boolean),
    );
}

/** The Secrets are immutable, their labels are not. */
async function age({ client, namespace }: Rotating, names: readonly string[], ms: number): Promise<void> {
  const labels = { 'issued-at-time': String(Math.floor((Date.now() - ms) / 1_000)) };
  for (const name of names) await client.mergePatch(secrets, { namespace, name }, { metadata: { labels } });
}

/** As `kubectl rollout restart`. */
async function restart({ client, namespace, name }: Rotating): Promise<void> {
  const annotations = { 'kubectl.kubernetes.io/restartedAt': new Date().toISOString() };
  const spec = { template: { metadata: { annotations } } };
  await client.mergePatch(deployments, { namespace, name }, { spec });
  await untilReady(client, { namespace, name });
}
