import { Buffer } from 'node:buffer';
import type { OperatingSystemConfig } from '../../src/apis/extensions/operating-system-config.ts';
import type { ShootWorker } from '../../src/plan/gardenlet/garden-shoot.ts';
import { nodeAgentSecretName, userDataKey, userDataSecretName } from '../../src/plan/gardenlet/worker.ts';
import type { Secret } from './resources.ts';
import type { ShootObject } from './shoot.ts';

/** What gardenlet asks of the operating system extension for the first boot of a pool's machines (gardener-contract 1.4). */
export function provisionConfig(namespace: string, shoot: ShootObject, pool: ShootWorker): OperatingSystemConfig {
  return {
    apiVersion: 'extensions.gardener.cloud/v1alpha1',
    kind: 'OperatingSystemConfig',
    metadata: {
      name: `${nodeAgentSecretName(shoot, pool)}-init`,
      namespace,
      labels: { 'worker.gardener.cloud/pool': pool.name },
    },
    spec: {
      type: pool.machine?.image?.name ?? '',
      purpose: 'provision',
      units: [
        {
          name: 'gardener-node-init.service',
          content:
            '[Unit]\nDescription=Downloads gardener-node-agent\n[Service]\nExecStart=/var/lib/gardener-node-agent/init.sh\n',
        },
      ],
      files: [
        {
          path: '/var/lib/gardener-node-agent/credentials/bootstrap-token',
          content: { inline: { encoding: '', data: '<<BOOTSTRAP_TOKEN>>' } },
        },
      ],
    },
  };
}

/** The stand-in for the operating system extension: Ignition is not what this landscape is about. */
export function userDataSecret(namespace: string, shoot: ShootObject, pool: ShootWorker): Secret {
  const userData = `#!/bin/bash\n# ${pool.name}\necho <<BOOTSTRAP_TOKEN>> > /var/lib/gardener-node-agent/credentials/bootstrap-token\n`;
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: userDataSecretName(nodeAgentSecretName(shoot, pool)), namespace },
    type: 'Opaque',
    data: { [userDataKey]: Buffer.from(userData).toString('base64') },
  };
}
