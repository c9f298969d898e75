import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { KubeClient } from '../../src/kube/client.ts';
import { type Clock, sleep } from '../../src/kube/clock.ts';
import { toError } from '../../src/kube/errors.ts';
import type { Logger } from '../../src/kube/logger.ts';
import { freePort } from '../processes/ports.ts';
import { type RunningProcess, startProcess } from '../processes/process.ts';
import { writeFiles } from './files.ts';
import type { Container, PodSpec } from './pod-spec.ts';
import { type ProcessPlan, processPlan, readinessUrl } from './process-plan.ts';
import type { Program } from './program.ts';
import { readinessProbe } from './readiness.ts';
import { writeServiceAccountKubeconfig } from './service-account.ts';
import { readSources, referencesOf } from './sources.ts';

export interface ContainerOptions {
  readonly client: KubeClient;
  /** Path of the kubeconfig that the pod's own is like, but for the token. */
  readonly access: string;
  readonly namespace: string;
  readonly podName: string;
  readonly pod: PodSpec;
  readonly container: Container;
  readonly program: Program;
  readonly origins: Readonly<Record<string, string>>;
  /** The pod's own directory. */
  readonly dir: string;
  readonly logFile: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** Ends the container. */
  readonly signal: AbortSignal;
  /** `ports`: container port to port of this machine. Called when something has changed. */
  readonly onState: (state: ContainerState) => void;
  /** Called when it has ended unasked, or could not be started. */
  readonly onEnd: (error: Error) => void;
}

export interface ContainerState {
  readonly isReady: boolean;
  readonly ports: ReadonlyMap<number, number>;
}

const backoff = { baseMs: 250, maxMs: 10_000 };
const probeMs = 250;
/** Content of volumes follows its Secrets and ConfigMaps, as with kubelet. */
const refreshMs = 60_000;

/** Runs it, and again whenever it ends, until the signal is aborted; resolves when its process is gone. Never rejects. */
export async function runContainer(options: ContainerOptions): Promise<void> {
  const { clock, log, signal, container, onState, onEnd } = options;
  let failures = 0;
  const onReady = () => {
    failures = 0;
  };
  while (!signal.aborted) {
    try {
      await runOnce(options, onReady);
    } catch (error) {
      if (!signal.aborted) {
        log.warn({ err: toError(error), container: container.name }, 'Container has ended');
        onEnd(toError(error));
      }
    }
    onState({ isReady: false, ports: new Map() });
    const pause = Math.min(backoff.maxMs, backoff.baseMs * 2 ** failures);
    failures += 1;
    await sleep(clock, pause, signal).catch(() => {});
  }
}

/** Rejects with what ended it; resolves when the signal did. */
async function runOnce(options: ContainerOptions, onReady: () => void): Promise<void> {
  const { container, podName, logFile, signal, onState } = options;
  const ports = await choosePorts(options.program);
  await writeAccess(options);
  const plan = await prepare(options, ports);
  const process = await startProcess({
    name: `${podName}/${container.name}`,
    command: plan.command,
    args: plan.args,
    env: plan.env,
    cwd: options.dir,
    logFile,
    graceMs: graceMs(options),
    signal,
  });
  try {
    await observe(options, process, ports, (isReady) => {
      if (isReady) onReady();
      onState({ isReady, ports });
    });
  } finally {
    await process.stop();
  }
}

/** What has no successor beside it is not waited for: nobody takes over from it before it has ended. */
const graceMs = ({ program, pod }: ContainerOptions): number =>
  program.sideBySide ? (pod.terminationGracePeriodSeconds ?? 30) * 1000 : 2_000;

async function choosePorts(program: Program): Promise<ReadonlyMap<number, number>> {
  const ports = new Map<number, number>();
  for (const port of Object.keys(program.ports ?? {})) ports.set(Number(port), await freePort());
  return ports;
}

const kubeconfigPath = (dir: string): string => join(dir, 'kubeconfig');

/** A pod that wants no token has no access: the file that its environment names is not there. */
async function writeAccess({ client, access, namespace, pod, dir, signal }: ContainerOptions): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  if (pod.automountServiceAccountToken === false) return;
  const account = { namespace, name: pod.serviceAccountName ?? 'default' };
  await writeServiceAccountKubeconfig(client, account, { like: access, path: kubeconfigPath(dir), signal });
}

async function prepare(options: ContainerOptions, ports: ReadonlyMap<number, number>): Promise<ProcessPlan> {
  const { client, namespace, pod, container, signal } = options;
  // Of this container and its volumes only: another's missing Secret is not its concern.
  const mounted = (pod.volumes ?? []).filter(({ name }) =>
    container.volumeMounts?.some((mount) => mount.name === name),
  );
  const references = referencesOf({ containers: [container], volumes: mounted });
  const sources = await readSources(client, namespace, references, signal);
  const plan = processPlan({ ...options, sources, ports, kubeconfig: kubeconfigPath(options.dir) });
  await writeFiles(plan);
  return plan;
}

/** Follows the process until it or the signal ends. */
async function observe(
  options: ContainerOptions,
  process: RunningProcess,
  ports: ReadonlyMap<number, number>,
  report: (isReady: boolean) => void,
): Promise<void> {
  const { clock, container, log } = options;
  const signal = AbortSignal.any([options.signal, process.failure]);
  await using probe = readinessProbe(readinessUrl(container, ports));
  let refreshAt = clock.monotonic() + refreshMs;
  let was: boolean | undefined;
  while (!signal.aborted) {
    const isReady = await probe.ask(signal);
    if (isReady !== was && !signal.aborted) report(isReady);
    was = isReady;
    if (clock.monotonic() > refreshAt) {
      refreshAt = clock.monotonic() + refreshMs;
      const failed = (error: unknown) => log.warn({ err: toError(error) }, 'Volumes could not be refreshed');
      await prepare(options, ports).catch(failed);
    }
    await sleep(clock, isReady ? probeMs * 4 : probeMs, signal).catch(() => {});
  }
  if (process.failure.aborted) throw process.failure.reason;
}
