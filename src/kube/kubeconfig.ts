import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { load } from 'js-yaml';
import { yamlProblem } from './yaml-problem.ts';

/** Where the connection comes from; the first that is set, see `findKubeconfig` for none. */
export interface KubeconfigSource {
  /** Path of a kubeconfig file. It is read again when it changes. */
  readonly kubeconfig?: string | undefined;
  /** A kubeconfig document, e.g. out of a Secret. Relative paths in it are those of the working directory. */
  readonly content?: string | undefined;
  /** Instead of the document's current-context. */
  readonly context?: string | undefined;
}

export interface LoadedKubeconfig {
  readonly config: KubeConfig;
  /** The files that it was read from. */
  readonly files: readonly string[];
}

const inClusterToken = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/** In the order of client-go's rules: `--kubeconfig`, `$KUBECONFIG` (a list), in-cluster, `~/.kube/config`. */
export function loadKubeconfig(source: KubeconfigSource, env: NodeJS.ProcessEnv = process.env): LoadedKubeconfig {
  if (source.content !== undefined) return selectContext(parse(source.content, '.'), [], source.context);
  const files = findKubeconfig(source.kubeconfig, env);
  if (files.length > 0) {
    const [first, ...others] = files.map((file) => parse(readFileSync(file, 'utf8'), dirname(file)));
    if (!first) throw new Error('no kubeconfig file');
    for (const other of others) first.mergeConfig(other, true);
    return selectContext(first, files, source.context);
  }
  if (!env.KUBERNETES_SERVICE_HOST || !existsSync(inClusterToken)) {
    throw new Error('no kubeconfig: give a file, set KUBECONFIG, or run in a cluster');
  }
  const config = new KubeConfig();
  config.loadFromCluster();
  return { config, files: [] };
}

function findKubeconfig(file: string | undefined, env: NodeJS.ProcessEnv): string[] {
  if (file) return [file];
  const listed = (env.KUBECONFIG ?? '').split(delimiter).filter((path) => path !== '');
  const present = listed.filter((path) => existsSync(path));
  if (listed.length > 0) return present.length > 0 ? present : listed;
  if (env.KUBERNETES_SERVICE_HOST && existsSync(inClusterToken)) return [];
  const inHome = join(env.HOME ?? homedir(), '.kube', 'config');
  return existsSync(inHome) ? [inHome] : [];
}

function selectContext(config: KubeConfig, files: readonly string[], context?: string): LoadedKubeconfig {
  if (context) config.setCurrentContext(context);
  if (!config.getCurrentCluster()) {
    throw new Error(`kubeconfig: no cluster for context ${JSON.stringify(config.getCurrentContext() ?? '')}`);
  }
  return { config, files };
}

type Fields = Record<string, unknown>;

function parse(text: string, directory: string): KubeConfig {
  const document = loadYaml(text);
  if (!isFields(document)) throw new Error('kubeconfig: not a YAML mapping');
  const config = new KubeConfig();
  config.loadFromString(JSON.stringify(forClientNode(document, directory)));
  config.makePathsAbsolute(directory);
  return config;
}

function loadYaml(text: string): unknown {
  try {
    return load(text);
  } catch (error) {
    throw new Error(`kubeconfig: not YAML: ${yamlProblem(error)}`);
  }
}

/**
 * client-node does not know `tokenFile` (the generic kubeconfigs of Gardener are made with it), so it becomes the
 * provider that client-node uses inside a cluster; that one wins over `token`, as in client-go. Nor does it tell exec
 * plugins what client-go tells them. And it refuses plain http (`kubectl proxy`) unless TLS verification is off.
 */
function forClientNode(document: Fields, directory: string): Fields {
  const users = entries(document, 'users').map((entry) => ({
    ...entry,
    user: withExecInfo(tokenFileUser(entry.user, directory)),
  }));
  const clusters = entries(document, 'clusters').map((entry) => ({ ...entry, cluster: plainHttp(entry.cluster) }));
  return { ...document, users, clusters };
}

function tokenFileUser(user: unknown, directory: string): unknown {
  if (!isFields(user)) return user;
  const { tokenFile, 'token-file': dashed, token, ...others } = user;
  const file = tokenFile || dashed;
  if (typeof file !== 'string') return user;
  const path = isAbsolute(file) ? file : join(directory, file);
  return { ...others, 'auth-provider': { name: 'tokenFile', config: { tokenFile: path } } };
}

function withExecInfo(user: unknown): unknown {
  if (!isFields(user) || !isFields(user.exec)) return user;
  const { exec } = user;
  const info = { apiVersion: exec.apiVersion, kind: 'ExecCredential', spec: { interactive: false } };
  const env = [...entries(exec, 'env'), { name: 'KUBERNETES_EXEC_INFO', value: JSON.stringify(info) }];
  return { ...user, exec: { ...exec, env } };
}

function plainHttp(cluster: unknown): unknown {
  const isPlain = isFields(cluster) && typeof cluster.server === 'string' && cluster.server.startsWith('http:');
  return isPlain ? { ...cluster, 'insecure-skip-tls-verify': true } : cluster;
}

function entries(document: Fields, field: string): Fields[] {
  const list = document[field];
  return Array.isArray(list) ? list.filter(isFields) : [];
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
