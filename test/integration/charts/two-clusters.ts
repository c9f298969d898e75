import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { dump, load } from 'js-yaml';
import { destination } from 'pino';
import { createHelm, type Helm } from '../../../landscape/charts/helm.ts';
import { espalierServer } from '../../../landscape/charts/programs.ts';
import type { Cluster } from '../../../landscape/control-plane/bring-up.ts';
import { startControlPlane } from '../../../landscape/control-plane/control-plane.ts';
import { ensureNamespace } from '../../../landscape/garden/content.ts';
import type { Parts } from '../../../landscape/parts/catalog.ts';
import { runPods } from '../../../landscape/pods/run.ts';
import { writeServiceAccountKubeconfig } from '../../../landscape/pods/service-account.ts';
import { silentProgress } from '../../../landscape/progress.ts';
import { kubectl, type Spoken } from '../../../landscape/up/kubectl.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import { createKubeClient } from '../../../src/kube/http-client.ts';
import { createLogger } from '../../../src/telemetry/log.ts';
import { type RecordingProxy, startRecordingProxy } from './recording-proxy.ts';

/** One of the two, with the admin's access. */
export interface Side {
  readonly client: KubeClient;
  readonly kubeconfig: string;
  readonly helm: Helm;
  /** `input`: for its standard input, as JSON. */
  kubectl(args: readonly string[], input?: object): Promise<Spoken>;
  /** What admission asks for there. */
  readonly proxy: RecordingProxy;
}

/** A garden, and the cluster in which the pods of its admission run. */
export interface TwoClusters extends AsyncDisposable {
  readonly garden: Side;
  readonly runtime: Side;
  /** A kubeconfig for that ServiceAccount of the garden. */
  gardenAccess(account: { readonly namespace: string; readonly name: string }): Promise<GardenAccess>;
}

export interface GardenAccess {
  readonly kubeconfig: string;
  readonly token: string;
  /** The same kubeconfig with the path of a file in the place of the token. */
  withTokenFile(path: string): string;
}

/** Of the pods; there is one of that name in the garden as well. */
export const namespace = 'garden';
/** Of its Deployment, ServiceAccount, Lease and webhook configurations. */
export const name = 'gardener-extension-admission-metal';

/** Nothing resolves the name that the chart gives the API server of the garden. */
const admissionProgram = () => {
  const server = espalierServer();
  const webhooks = (port: number) => ({
    args: [...(server.ports?.[10250]?.(port).args ?? []), `--webhook-config-url=127.0.0.1:${port}`],
  });
  return { ...server, ports: { ...server.ports, 10250: webhooks } };
};

export async function startTwoClusters(dir: string, parts: Parts): Promise<TwoClusters> {
  await using started = new AsyncDisposableStack();
  started.defer(() => rm(dir, { recursive: true, force: true }));
  const options = { dir, parts, progress: silentProgress, shoot: true, gardener: true };
  const plane = started.use(await startControlPlane(options));
  const side = async (of: string, { kubeconfig, server }: Cluster): Promise<Side> => {
    const client = createKubeClient({ kubeconfig });
    started.defer(() => client.close());
    await ensureNamespace(client, namespace, AbortSignal.timeout(10_000));
    const proxy = started.use(await startRecordingProxy(server, plane.ca));
    return {
      ...{ client, kubeconfig, proxy },
      helm: createHelm(parts.helm, join(dir, 'helm', of), kubeconfig),
      kubectl: (args, input) => kubectl({ kubectl: parts.kubectl, kubeconfig }, args, input && JSON.stringify(input)),
    };
  };
  const garden = await side('garden', plane.garden);
  const runtime = await side('runtime', plane.shoot ?? plane.garden);
  const stop = new AbortController();
  const file = destination({ dest: join(dir, 'logs', 'pods.log'), mkdir: true, sync: true });
  const access = await runtime.proxy.redirect(runtime.kubeconfig, 'admission-in-runtime');
  const pods = runPods({
    ...{ kubeconfig: runtime.kubeconfig, dir, signal: stop.signal },
    log: createLogger({ name: 'pods', level: 'info', format: 'text', destination: file }),
    programs: { 'metal-stack/espalier': admissionProgram() },
    serves: (served) => served === namespace,
    access: () => access,
  });
  started.defer(() => {
    stop.abort(new Error('the test is over'));
    return pods;
  });
  const like = await garden.proxy.redirect(garden.kubeconfig, 'admission-in-garden');
  const rest = started.move();
  return {
    ...{ garden, runtime },
    async gardenAccess(account) {
      const directory = join(dir, 'access');
      await mkdir(directory, { recursive: true });
      const path = join(directory, account.name);
      await writeServiceAccountKubeconfig(garden.client, account, { like, path, signal: AbortSignal.timeout(10_000) });
      return readAccess(await readFile(path, 'utf8'));
    },
    [Symbol.asyncDispose]: () => rest.disposeAsync(),
  };
}

function readAccess(kubeconfig: string): GardenAccess {
  const content = load(kubeconfig) as { readonly users: readonly [{ name: string; user: { token: string } }] };
  const [{ name: userName, user }] = content.users;
  return {
    kubeconfig,
    token: user.token,
    withTokenFile: (tokenFile) => dump({ ...content, users: [{ name: userName, user: { tokenFile } }] }),
  };
}
