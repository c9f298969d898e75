import type { DnsRecord } from '../../../src/apis/extensions/dns-record.ts';
import { dnsRecords } from '../../../src/apis/extensions/resources.ts';
import { deployments } from '../../pods/deployment.ts';
import type { FlowStep, Operation } from '../context.ts';
import { createOrPatch } from '../merge.ts';
import { secrets } from '../resources.ts';
import { isAsleep } from '../shoot.ts';
import { genericKubeconfig, internalKubeconfig } from '../shoot-access.ts';
import { syncCluster } from '../sync-cluster.ts';
import { kubeApiServer } from '../workloads.ts';

const dnsRecordName = ({ shoot }: Operation): string => `${shoot.metadata.name}-external`;

/** The name by which nodes find the API server; no DNS extension runs here, so the record is all there is. */
export const deployDnsRecord: FlowStep = {
  name: 'Deploying the DNS record of the API server',
  async run(operation) {
    const { seed, namespace, shoot, shootApi, signal } = operation;
    const addresses = shootApi?.addresses ?? [];
    const wanted: DnsRecord = {
      apiVersion: 'extensions.gardener.cloud/v1alpha1',
      kind: 'DNSRecord',
      metadata: { name: dnsRecordName(operation), namespace },
      spec: {
        type: 'local',
        secretRef: { name: 'dns', namespace },
        name: `api.${shoot.spec.dns?.domain ?? `${shoot.metadata.name}.local`}`,
        recordType: addresses[0]?.includes(':') ? 'AAAA' : 'A',
        values: addresses,
      },
    };
    await createOrPatch(seed, dnsRecords, { namespace, name: wanted.metadata.name }, () => wanted, signal);
  },
};

export const deleteDnsRecord: FlowStep = {
  name: 'Deleting the DNS record of the API server',
  run: (operation) =>
    operation.seed.delete(dnsRecords, { namespace: operation.namespace, name: dnsRecordName(operation) }, operation),
};

/** The Secrets by which components and extensions reach the Shoot. */
export const deployShootAccess: FlowStep = {
  name: 'Deploying access to the Shoot',
  async run(operation) {
    const { seed, namespace, shootApi, signal } = operation;
    if (!shootApi) return;
    for (const secret of [genericKubeconfig(namespace, shootApi), internalKubeconfig(namespace, shootApi)]) {
      await createOrPatch(seed, secrets, secret.metadata, () => secret, signal);
    }
    await syncCluster(operation);
  },
};

/** Extensions look at its replicas; the API server itself runs beside the landscape. */
export const deployKubeApiServer: FlowStep = {
  name: 'Deploying the API server of the Shoot',
  async run({ seed, namespace, shoot, signal }) {
    const replicas = isAsleep(shoot) ? 0 : 1;
    const wanted = kubeApiServer(namespace, replicas);
    await createOrPatch(seed, deployments, wanted.metadata, () => wanted, signal);
  },
};

export const deleteKubeApiServer: FlowStep = {
  name: 'Deleting the API server of the Shoot',
  run: ({ seed, namespace, signal }) => seed.delete(deployments, { namespace, name: 'kube-apiserver' }, { signal }),
};

/** A Shoot without nodes needs no API server; what it reports tells extensions that they may go down, too. */
export const hibernate: FlowStep = {
  name: 'Hibernating the control plane',
  async run({ seed, namespace, signal }) {
    const wanted = kubeApiServer(namespace, 0);
    await createOrPatch(seed, deployments, wanted.metadata, () => wanted, signal);
  },
};
