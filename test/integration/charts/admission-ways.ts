import { expect } from 'vitest';
import { charts, type Rendered } from '../../../landscape/charts/helm.ts';
import { ensureNamespace } from '../../../landscape/garden/content.ts';
import type { Deployment } from '../../../landscape/pods/deployment.ts';
import { leases } from '../../../src/kube/lease.ts';
import { eventually } from '../../scene/eventually.ts';
import { name, namespace, type Side, type TwoClusters } from './two-clusters.ts';

/** How admission gets into two clusters. */
interface Way {
  readonly what: string;
  /** Namespace of the garden that owns what admission registers. */
  readonly owner: string | undefined;
  install(clusters: TwoClusters): Promise<void>;
  readonly uninstall?: (clusters: TwoClusters) => Promise<void>;
}

const owner = 'extension-provider-metal';
/** Its definition is not in the cluster of the pods. */
const vpa = { enabled: false };

/** As docs/operations/install.md says. */
export const installedWithHelm: Way = {
  what: 'installed with helm',
  owner: undefined,
  async install({ garden, runtime, gardenAccess }) {
    await garden.helm.run('install', 'admission-metal', charts.application, '--namespace', namespace);
    const { kubeconfig } = await gardenAccess({ namespace, name });
    const set = await runtime.helm.values({ kubeconfig, vpa });
    await runtime.helm.run('install', 'admission-metal', charts.runtime, '--namespace', namespace, ...set);
  },
  async uninstall({ garden, runtime }) {
    // First the pods: helm takes their rights at the same time, and then they cannot give the Lease back.
    await runtime.kubectl(['scale', '--replicas=0', '--namespace', namespace, `deployment/${name}`]);
    await eventually(async () => expect(await holderIn(runtime)).toBeFalsy());
    await runtime.helm.run('uninstall', 'admission-metal', '--namespace', namespace);
    await garden.helm.run('uninstall', 'admission-metal', '--namespace', namespace);
    const kinds = 'validatingwebhookconfiguration,mutatingwebhookconfiguration';
    await garden.kubectl(['delete', kinds, name]);
  },
};

/** gardener-contract 4.9. */
export const asGardenerOperator: Way = {
  what: 'as gardener-operator does it',
  owner,
  async install({ garden, runtime, gardenAccess }) {
    const serviceAccount = { name: 'extension-admission-provider-metal', namespace: 'kube-system' };
    const virtualCluster = { enabled: true, serviceAccount };
    await ensureNamespace(garden.client, owner, AbortSignal.timeout(10_000));
    const application = { gardener: { virtualCluster } };
    await apply(garden, [
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: serviceAccount },
      ...(await garden.helm.template(charts.application, application, '--namespace', owner)),
    ]);
    const access = await gardenAccess(serviceAccount);
    const gardener = {
      runtimeCluster: { priorityClassName: 'gardener-garden-system-400' },
      virtualCluster: { enabled: true, namespace: owner },
    };
    const objects = await runtime.helm.template(charts.runtime, { gardener, vpa }, '--namespace', namespace);
    const secret = (secretName: string, stringData: object) => ({
      ...{ apiVersion: 'v1', kind: 'Secret', stringData },
      metadata: { name: secretName, namespace },
    });
    await apply(runtime, [
      secret(accessSecret, { token: access.token }),
      secret(genericSecret, { kubeconfig: access.withTokenFile(`${mountPath}/token`) }),
      ...objects.map(withGardenKubeconfig),
    ]);
  },
};

const mountPath = '/var/run/secrets/gardener.cloud/shoot/generic-kubeconfig';
const accessSecret = 'shoot-access-extension-admission-provider-metal';
const genericSecret = 'generic-token-kubeconfig';

function withGardenKubeconfig(object: Rendered): Rendered {
  if (object.kind !== 'Deployment') return object;
  const { spec, ...rest } = structuredClone(object as unknown as Deployment & Rendered);
  const pod = spec.template.spec;
  const file = (secret: string, key: string) => ({ secret: { name: secret, items: [{ key, path: key }] } });
  const volume = {
    name: 'kubeconfig',
    projected: { defaultMode: 420, sources: [file(genericSecret, 'kubeconfig'), file(accessSecret, 'token')] },
  };
  const containers = pod.containers.map((container) => ({
    ...container,
    env: [...(container.env ?? []), { name: 'GARDEN_KUBECONFIG', value: `${mountPath}/kubeconfig` }],
    volumeMounts: [...(container.volumeMounts ?? []), { name: volume.name, mountPath, readOnly: true }],
  }));
  const template = { ...spec.template, spec: { ...pod, containers, volumes: [...(pod.volumes ?? []), volume] } };
  return { ...rest, spec: { ...spec, template } } as Rendered;
}

async function apply(side: Side, items: readonly object[]): Promise<void> {
  const list = { apiVersion: 'v1', kind: 'List', items };
  const { code, stderr } = await side.kubectl(['apply', '--server-side', '--force-conflicts', '-f', '-'], list);
  if (code !== 0) throw new Error(stderr);
}

/** Who has the Lease. */
export const holderIn = async ({ client }: Side): Promise<string | undefined> =>
  (await client.find(leases, { namespace, name }))?.spec?.holderIdentity;
