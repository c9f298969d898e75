import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type RunningProcess, startProcess } from '../processes/process.ts';
import type { ClusterName, Credentials } from './credentials.ts';
import { answersOk, type Probe } from './probe.ts';

export interface KubeApiServerOptions {
  /** Names the log file, the prefix in etcd and the certificate. */
  readonly name: ClusterName;
  readonly binary: string;
  readonly dir: string;
  readonly port: number;
  readonly etcdPort: number;
  readonly serviceCidr: string;
  readonly credentials: Credentials;
  readonly probe: Probe;
  /** Port of the proxy through which it reaches Services; directly when absent. */
  readonly serviceProxyPort?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Calls to Services (webhooks, aggregated APIs) go through the proxy, everything else directly. */
async function writeEgressSelector({ name, dir, credentials }: KubeApiServerOptions, port: number): Promise<string> {
  const { cert, key } = credentials.serviceProxy.client;
  const tlsConfig = { caBundle: credentials.ca, clientCert: cert, clientKey: key };
  const transport = { tcp: { url: `https://127.0.0.1:${port}`, tlsConfig } };
  const configuration = {
    apiVersion: 'apiserver.k8s.io/v1beta1',
    kind: 'EgressSelectorConfiguration',
    egressSelections: [{ name: 'cluster', connection: { proxyProtocol: 'HTTPConnect', transport } }],
  };
  const path = join(dir, 'pki', `egress-${name}.json`);
  await writeFile(path, JSON.stringify(configuration));
  return path;
}

function args(options: KubeApiServerOptions): string[] {
  const { name, port, etcdPort, serviceCidr, credentials } = options;
  return [
    `--etcd-servers=https://127.0.0.1:${etcdPort}`,
    `--etcd-prefix=/${name}`,
    `--etcd-cafile=${credentials.etcdCa}`,
    `--etcd-certfile=${credentials.etcdClient.cert}`,
    `--etcd-keyfile=${credentials.etcdClient.key}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    `--tls-cert-file=${credentials.apiServer[name].cert}`,
    `--tls-private-key-file=${credentials.apiServer[name].key}`,
    `--client-ca-file=${credentials.ca}`,
    '--authorization-mode=RBAC',
    `--service-cluster-ip-range=${serviceCidr}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    // gardener-resource-manager asks for tokens for `gardener`.
    '--api-audiences=https://kubernetes.default.svc,gardener',
    `--service-account-key-file=${credentials.serviceAccountPublicKey}`,
    `--service-account-signing-key-file=${credentials.serviceAccountKey}`,
    `--requestheader-client-ca-file=${credentials.frontProxyCa}`,
    '--requestheader-allowed-names=front-proxy',
    '--requestheader-username-headers=X-Remote-User',
    '--requestheader-group-headers=X-Remote-Group',
    '--requestheader-extra-headers-prefix=X-Remote-Extra-',
    `--proxy-client-cert-file=${credentials.frontProxy.cert}`,
    `--proxy-client-key-file=${credentials.frontProxy.key}`,
    '--allow-privileged=true',
    // Nobody runs the controllers that create the default service account and the endpoints of `kubernetes`.
    '--disable-admission-plugins=ServiceAccount',
    '--endpoint-reconciler-type=none',
    '--profiling=false',
  ];
}

/** A whole API server without the controllers behind it. Ready when /readyz says so. */
export async function startKubeApiServer(options: KubeApiServerOptions): Promise<RunningProcess> {
  const { name, binary, dir, probe, serviceProxyPort, signal } = options;
  const egress = serviceProxyPort ? await writeEgressSelector(options, serviceProxyPort) : undefined;
  return await startProcess({
    name: `kube-apiserver (${name})`,
    command: binary,
    args: [...args(options), ...(egress ? [`--egress-selector-config-file=${egress}`] : [])],
    logFile: join(dir, 'logs', `kube-apiserver-${name}.log`),
    ready: answersOk(probe, '/readyz'),
    readyTimeoutMs: 120_000,
    graceMs: 3_000,
    signal,
  });
}
