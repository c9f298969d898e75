import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ControlPlane } from '../../../landscape/control-plane/control-plane.ts';
import { deployments } from '../../../landscape/pods/deployment.ts';
import type { Program } from '../../../landscape/pods/program.ts';
import { writeServiceAccountKubeconfig } from '../../../landscape/pods/service-account.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import { eventually } from '../../scene/eventually.ts';
import type { Helm, Rendered } from './helm.ts';
import { type RecordingProxy, startRecordingProxy } from './recording-proxy.ts';

export interface Release {
  readonly chart: string;
  readonly namespace: string;
  /** Of its Deployment and its ServiceAccount. */
  readonly name: string;
  readonly values: object;
  /** More flags, for the port at which webhooks are served. */
  readonly atWebhooks?: (port: number) => readonly string[];
}

/** A release that is installed. */
export interface Installed {
  readonly objects: readonly Rendered[];
  /** What its pods ask for. */
  readonly proxy: RecordingProxy;
  /** What runs in them, with the ServiceAccount of the chart. */
  readonly program: Program;
}

const bundle = fileURLToPath(new URL('../../../dist/main.mjs', import.meta.url));

export async function install(
  { helm, client, plane }: { readonly helm: Helm; readonly client: KubeClient; readonly plane: ControlPlane },
  { chart, namespace, name, values, atWebhooks }: Release,
): Promise<Installed> {
  const { kubeconfig: admin, server } = plane.garden;
  await helm.run('install', name, chart, '--namespace', namespace, ...(await helm.values(values)));
  const objects = await helm.template(chart, values, '--namespace', namespace);
  const directory = join(plane.dir, 'access');
  await mkdir(directory, { recursive: true });
  const access = join(directory, name);
  const signal = AbortSignal.timeout(10_000);
  await writeServiceAccountKubeconfig(client, { namespace, name }, { admin, path: access, signal });
  const proxy = await startRecordingProxy(server, plane.ca);
  await proxy.redirect(access, access);
  return { objects, proxy, program: programOf(access, atWebhooks) };
}

/** With the chart's own flags, but for ports of this machine. */
const programOf = (kubeconfig: string, atWebhooks: Release['atWebhooks'] = () => []): Program => ({
  command: [process.execPath, bundle],
  env: { KUBECONFIG: kubeconfig },
  args: ['--webhook-config-server-host=127.0.0.1'],
  ports: {
    10250: (port) => ({ args: [`--webhook-config-server-port=${port}`, ...atWebhooks(port)] }),
    8080: (port) => ({ args: [`--metrics-bind-address=127.0.0.1:${port}`] }),
    8081: (port) => ({ args: [`--health-bind-address=127.0.0.1:${port}`] }),
  },
});

export async function untilReady(client: KubeClient, { namespace, name }: Release): Promise<void> {
  await eventually(async () => {
    const { status } = await client.get(deployments, { namespace, name });
    if (!status?.availableReplicas) throw new Error(`${name} does not become ready`);
  }, 60_000);
}
