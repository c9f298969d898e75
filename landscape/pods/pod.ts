import { rm } from 'node:fs/promises';
import { type ContainerOptions, type ContainerState, runContainer } from './container.ts';
import type { PodTemplate } from './pod-spec.ts';
import { type Programs, programOf } from './program.ts';

export interface PodOptions
  extends Omit<ContainerOptions, 'pod' | 'container' | 'program' | 'logFile' | 'signal' | 'onState'> {
  readonly template: PodTemplate;
  readonly programs: Programs;
  /** Of a container that has no program: whether it is taken for ready. */
  readonly assumeReady: boolean;
  readonly logFile: (container: string) => string;
  readonly onChange: () => void;
}

/** The one pod of a Deployment, as processes. */
export interface RunningPod {
  readonly isReady: boolean;
  /** The port of this machine at which a container port is served. */
  localPort(port: number): number | undefined;
  /** Resolves when its processes and its directory are gone. */
  stop(): Promise<void>;
}

export function startPod(options: PodOptions): RunningPod {
  const { template, programs, assumeReady, dir, onChange } = options;
  const stop = new AbortController();
  const pod = template.spec;
  const states = new Map<string, ContainerState>();
  const runs = pod.containers.map((container) => {
    const program = programOf(container.image, programs);
    states.set(container.name, { isReady: !program && assumeReady, ports: new Map() });
    if (!program) return undefined;
    const onState = (state: ContainerState) => {
      states.set(container.name, state);
      onChange();
    };
    const logFile = options.logFile(container.name);
    return runContainer({ ...options, pod, container, program, logFile, signal: stop.signal, onState });
  });
  return {
    get isReady() {
      return [...states.values()].every(({ isReady }) => isReady);
    },
    localPort: (port) => [...states.values()].map(({ ports }) => ports.get(port)).find((local) => local !== undefined),
    async stop() {
      stop.abort(new Error('the pod is stopped'));
      await Promise.all(runs);
      await rm(dir, { recursive: true, force: true });
    },
  };
}
