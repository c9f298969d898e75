import { join } from 'node:path';
import type { Container, EnvVar, PodSpec, Probe } from './pod-spec.ts';
import type { Program, Setting } from './program.ts';
import { rewriter } from './rewrite.ts';
import { contentOf, filesOf, type Sources } from './sources.ts';

export interface PlanInput {
  readonly namespace: string;
  readonly podName: string;
  readonly pod: PodSpec;
  readonly container: Container;
  readonly program: Program;
  readonly sources: Sources;
  /** The pod's own directory. */
  readonly dir: string;
  /** Path of the kubeconfig with the token of the pod's ServiceAccount. */
  readonly kubeconfig: string;
  readonly origins: Readonly<Record<string, string>>;
  /** Container port to port of this machine. */
  readonly ports: ReadonlyMap<number, number>;
}

/** What a container becomes. */
export interface ProcessPlan {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Directories of its volumes; those of emptyDirs are shared by the containers. */
  readonly dirs: readonly string[];
  /** Absolute path to content. */
  readonly files: ReadonlyMap<string, Buffer>;
}

/** @throws when a Secret or ConfigMap is missing that the container cannot do without */
export function processPlan(input: PlanInput): ProcessPlan {
  const { container, pod, program, ports, sources, kubeconfig } = input;
  const { volumeMounts = [], command = [], args = [] } = container;
  const dirOf = (volume: string) => volumeDir(input, volume);
  const rewrite = rewriter({
    kubeconfig,
    origins: input.origins,
    paths: Object.fromEntries(
      volumeMounts.map((mount) => [mount.mountPath, join(dirOf(mount.name), mount.subPath ?? '')]),
    ),
  });
  const mounted = (pod.volumes ?? []).filter(({ name }) => volumeMounts.some((mount) => mount.name === name));
  const files = mounted.flatMap((volume) =>
    [...filesOf(volume, sources)].map(
      ([path, bytes]) => [join(dirOf(volume.name), path), rewritten(bytes, rewrite)] as const,
    ),
  );
  const settings: Setting[] = [program, ...[...ports].flatMap(([own, local]) => program.ports?.[own]?.(local) ?? [])];
  const [executable, ...first] = program.command;
  return {
    command: executable,
    args: [
      ...first,
      ...[...command.slice(1), ...args].map(rewrite),
      ...settings.flatMap((setting) => setting.args ?? []),
    ],
    env: {
      KUBECONFIG: kubeconfig,
      ...Object.fromEntries((container.env ?? []).map((entry) => [entry.name, rewrite(envValue(entry, input))])),
      ...Object.assign({}, ...settings.map((setting) => setting.env)),
    },
    dirs: mounted.map(({ name }) => dirOf(name)),
    files: new Map(files),
  };
}

function volumeDir({ dir, container, pod }: PlanInput, name: string): string {
  const isShared = pod.volumes?.some((volume) => volume.name === name && volume.emptyDir);
  return join(dir, isShared ? 'shared' : container.name, name);
}

/** A kubeconfig names files beside it and the API server; what is not text has neither. */
function rewritten(bytes: Buffer, rewrite: (text: string) => string): Buffer {
  const text = bytes.toString('utf8');
  return text.includes('\uFFFD') ? bytes : Buffer.from(rewrite(text));
}

function envValue({ name, value, valueFrom = {} }: EnvVar, { sources, namespace, podName, pod }: PlanInput): string {
  const { secretKeyRef, configMapKeyRef, fieldRef } = valueFrom;
  const selector = secretKeyRef ?? configMapKeyRef;
  if (selector) {
    const kind = secretKeyRef ? 'Secret' : 'ConfigMap';
    const bytes = contentOf(sources, { kind, ...selector })[selector.key];
    if (!bytes && !selector.optional) throw new Error(`${kind} ${selector.name} has no ${selector.key} for ${name}`);
    return bytes?.toString('utf8') ?? '';
  }
  const fields: Record<string, string | undefined> = {
    'metadata.name': podName,
    'metadata.namespace': namespace,
    'spec.serviceAccountName': pod.serviceAccountName ?? 'default',
    'status.podIP': '127.0.0.1',
  };
  return value ?? fields[fieldRef?.fieldPath ?? ''] ?? '';
}

/** URL that tells whether the container is ready; undefined when it has no probe, or one that cannot be asked here. */
export function readinessUrl(container: Container, ports: ReadonlyMap<number, number>): string | undefined {
  const { httpGet }: Probe = container.readinessProbe ?? {};
  if (!httpGet) return undefined;
  const port = ports.get(containerPort(container, httpGet.port));
  return port === undefined
    ? undefined
    : `${(httpGet.scheme ?? 'HTTP').toLowerCase()}://127.0.0.1:${port}${httpGet.path ?? '/'}`;
}

/** A port by number, or by the name that the container gives it. */
export function containerPort({ ports = [] }: Pick<Container, 'ports'>, port: number | string): number {
  if (typeof port === 'number') return port;
  return ports.find(({ name }) => name === port)?.containerPort ?? Number(port);
}
