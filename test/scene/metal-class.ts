import { PARTITION, PROJECT, WORKER_SIZE } from '../../landscape/metal-api/fixture.ts';
import type { MetalApi } from '../../landscape/metal-api/server.ts';
import { machineClasses } from '../../src/apis/machine/machine.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { secrets } from '../../src/kube/secret.ts';
import { CLUSTER_ID } from '../../src/providers/metal/tags.ts';
import { allocateNetwork } from './metal-stock.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** MachineClasses of a cluster of metal, as its Worker would write them. */
export async function createMetalClasses(
  control: KubeClient,
  metalApi: MetalApi,
  { namespace, clusterID, names }: { namespace: string; clusterID: string; names: readonly string[] },
): Promise<void> {
  const network = await allocateNetwork(metalApi, { [CLUSTER_ID]: clusterID });
  const data = {
    userData: base64('token <<BOOTSTRAP_TOKEN>>'),
    metalAPIURL: base64(metalApi.url),
    metalAPIHMac: base64('metal-admin'),
  };
  for (const name of names) {
    await control.create(secrets, { metadata: { namespace, name }, data });
    await control.create(machineClasses, {
      metadata: { namespace, name },
      provider: 'metal',
      providerSpec: {
        ...{ partition: PARTITION, size: WORKER_SIZE, image: 'ubuntu-24.4.20260114', project: PROJECT },
        ...{ network: network.id, tags: [`${CLUSTER_ID}=${clusterID}`] },
      },
      secretRef: { namespace, name },
    });
  }
}
