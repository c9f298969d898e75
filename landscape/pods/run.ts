import { join } from 'node:path';
import { type Clock, systemClock } from '../../src/kube/clock.ts';
import { type ClosableKubeClient, createKubeClient } from '../../src/kube/http-client.ts';
import { createInformer } from '../../src/kube/informer.ts';
import type { Lister } from '../../src/kube/lister.ts';
import type { Logger } from '../../src/kube/logger.ts';
import { keyOf, parseKey } from '../../src/kube/object.ts';
import { timestamp } from '../../src/kube/timestamp.ts';
import { type Service, services } from '../control-plane/service.ts';
import { createKeyed } from '../gardenlet/keyed.ts';
import { type Deployment, deployments, replicasOf } from './deployment.ts';
import { endpointSlice, selects, syncEndpoints } from './endpoints.ts';
import { logFileOf } from './log-file.ts';
import { keepOtherWorkloads } from './other-workloads.ts';
import { type RunningPod, startPod } from './pod.ts';
import { podName, syncPodObjects, templateHash } from './pod-object.ts';
import type { PodTemplate } from './pod-spec.ts';
import { mayOverlap, type Programs } from './program.ts';
import { createRollout, type Rollout } from './rollout.ts';
import { deploymentStatus, statusPatch } from './status.ts';

export interface PodsOptions {
  /** Path of the kubeconfig of the cluster whose Deployments are run, as the admin. */
  readonly kubeconfig: string;
  /** Volumes are written below `pods`, output of the processes below `logs`. */
  readonly dir: string;
  readonly programs: Programs;
  /** Ends it, with all processes. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  readonly clock?: Clock;
  /** Default: control-plane namespaces, `shoot--*`. */
  readonly serves?: (namespace: string) => boolean;
  /** What stands for hosts that only the pods of a namespace know: `https://kube-apiserver` to `https://127.0.0.1:1234`. */
  readonly origins?: (namespace: string) => Readonly<Record<string, string>>;
  /** Path of the kubeconfig that those of a namespace's pods are like, but for the token; default: `kubeconfig`. */
  readonly access?: (namespace: string) => string;
  /** Whether a container is taken for running and ready when `programs` does not have its image; default true. */
  readonly assumeReady?: boolean;
  /** Told when a container has ended unasked, with the name of its Deployment. */
  readonly onEnd?: (name: string, error: Error) => void;
}

export interface PodsContext extends Required<PodsOptions> {
  readonly client: ClosableKubeClient;
}

/**
 * Stands for the Deployment controller, scheduler, kubelet and the EndpointSlice controller: runs the containers of
 * Deployments whose images have a program here as processes of this machine. However many replicas are wanted, one process
 * runs; a new template's replaces it when it is ready, if both may run, and otherwise when it has ended. DaemonSets and
 * StatefulSets only get a status. Resolves after the signal was aborted and all processes have ended. Never rejects.
 */
export async function runPods(options: PodsOptions): Promise<void> {
  const client = createKubeClient({ kubeconfig: options.kubeconfig, userAgent: 'landscape-pods' });
  const context: PodsContext = {
    clock: systemClock,
    serves: (namespace) => namespace.startsWith('shoot--'),
    origins: () => ({}),
    access: () => options.kubeconfig,
    assumeReady: true,
    onEnd: () => {},
    ...options,
    client,
  };
  try {
    await Promise.all([runDeployments(context), keepOtherWorkloads(context)]);
  } finally {
    await client.close();
  }
}

async function runDeployments(context: PodsContext): Promise<void> {
  const { client, log, clock, signal, serves } = context;
  const deploymentInformer = createInformer({ client, resource: deployments, log, clock });
  const serviceInformer = createInformer({ client, resource: services, log, clock });
  const rollouts = new Map<string, Rollout<RunningPod>>();
  const keyed = createKeyed({
    run: (key, ended) => reconcile({ ...context, signal: ended }, key, listers, rolloutOf(key)),
    backoff: { baseMs: 200, maxMs: 10_000 },
    onError: (key, error) => log.warn({ deployment: key, err: error }, 'The Deployment is tried again'),
    ...{ clock, signal },
  });
  const rolloutOf = (key: string): Rollout<RunningPod> => {
    const rollout =
      rollouts.get(key) ??
      createRollout(({ hash, template }) =>
        start(context, { key, hash, template, onChange: () => keyed.trigger(key) }),
      );
    rollouts.set(key, rollout);
    return rollout;
  };
  const listers: Listers = { deployments: deploymentInformer, services: serviceInformer };
  deploymentInformer.subscribe(({ object }) => {
    if (serves(object.metadata.namespace ?? '')) keyed.trigger(keyOf(object.metadata));
  });
  serviceInformer.subscribe(({ object }) => {
    for (const deployment of deploymentInformer.list(object.metadata.namespace)) {
      const isServed = serves(object.metadata.namespace ?? '') && selects(object, deployment.spec.template);
      if (isServed) keyed.trigger(keyOf(deployment.metadata));
    }
  });
  await Promise.all([deploymentInformer.run(signal), serviceInformer.run(signal)]);
  await keyed.drained();
  await Promise.all([...rollouts.values()].map((rollout) => rollout.stop()));
}

interface Listers {
  readonly deployments: Lister<Deployment>;
  readonly services: Lister<Service>;
}

async function reconcile(
  context: PodsContext,
  key: string,
  listers: Listers,
  rollout: Rollout<RunningPod>,
): Promise<void> {
  const { client, clock, programs, signal } = context;
  const deployment = listers.deployments.get(key);
  const isWanted = deployment && replicasOf(deployment) > 0;
  const template = deployment?.spec.template ?? rollout.wanted?.template;
  const next = isWanted ? { hash: templateHash(deployment), template: deployment.spec.template } : undefined;
  await rollout.want(next, deployment !== undefined && mayOverlap(deployment, programs));
  const pod = rollout.serving?.pod;
  const isServed = pod?.isReady ?? false;
  for (const service of listers.services.list(parseKey(key).namespace)) {
    if (!template || !selects(service, template)) continue;
    const slice = endpointSlice(service, template, (port) => pod?.localPort(port), isServed);
    await syncEndpoints(client, slice, signal);
  }
  rollout.retire();
  if (!deployment) return;
  const isReady = rollout.wanted?.pod.isReady ?? false;
  await syncPodObjects(client, deployment, { isReady, hashes: rollout.hashes }, signal);
  const now = timestamp(clock.now());
  const patch = statusPatch(deployment.status, deploymentStatus(deployment, { isReady, isServed }, now));
  if (patch) await client.mergePatch(deployments, deployment.metadata, patch, { subresource: 'status', signal });
}

interface Wanted {
  readonly key: string;
  readonly hash: string;
  readonly template: PodTemplate;
  readonly onChange: () => void;
}

function start(context: PodsContext, { key, hash, template, onChange }: Wanted): RunningPod {
  const { client, clock, programs, assumeReady, dir } = context;
  const { namespace = '', name } = parseKey(key);
  const pod = podName(name, hash);
  return startPod({
    ...{ client, clock, programs, assumeReady, namespace, template, onChange },
    log: context.log.child({ namespace, deployment: name }),
    access: context.access(namespace),
    podName: pod,
    onEnd: (error) => context.onEnd(name, error),
    origins: context.origins(namespace),
    dir: join(dir, 'pods', namespace, pod),
    logFile: (container) => logFileOf(dir, { namespace, name, container }),
  });
}
