import type { Parts } from '../parts/catalog.ts';
import type { Deployment } from './deployment.ts';

/** What is added to a container's own command line and environment. */
export interface Setting {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** What runs in the place of an image. */
export interface Program extends Setting {
  /** In the place of the image's entry point: a path, and first arguments. */
  readonly command: readonly [string, ...string[]];
  /** Whether a new process may start before the old one has ended, as replicas may that elect a leader. */
  readonly sideBySide?: boolean;
  /** How it is told a port of this machine in the place of a container's. A port that is not here cannot be reached. */
  readonly ports?: Readonly<Record<number, (port: number) => Setting>>;
}

/** By repository of the image or the end of it, with the tag or without. */
export type Programs = Readonly<Record<string, Program>>;

/** `registry:5000/a/b:v1@sha256:...` to `registry:5000/a/b`. */
export function repositoryOf(image: string): string {
  const [name = ''] = image.split('@');
  return name.replace(/:[^/:]+$/, '');
}

export function programOf(image: string, programs: Programs): Program | undefined {
  const entries = Object.entries(programs);
  const find = (text: string) => entries.find(([name]) => text === name || text.endsWith(`/${name}`))?.[1];
  return find(image) ?? find(repositoryOf(image));
}

/** Whether all that runs of a Deployment may run twice while it is rolled out. */
export function mayOverlap({ spec }: Deployment, programs: Programs): boolean {
  const found = spec.template.spec.containers.flatMap(({ image }) => programOf(image, programs) ?? []);
  return spec.strategy?.type !== 'Recreate' && found.every(({ sideBySide }) => sideBySide);
}

/** The programs that the landscape builds for Deployments of a control plane. Later flags win over the container's own. */
export const controlPlanePrograms = (parts: Parts): Programs => ({
  'gardener/machine-controller-manager': {
    command: [parts['machine-controller-manager']],
    // One process each: a lease of one that was killed would only be waited for.
    args: ['--leader-elect=false', '--address=127.0.0.1'],
    ports: { 10258: (port) => ({ args: [`--port=${port}`] }) },
  },
  'metal-stack/firewall-controller-manager': {
    command: [parts['firewall-controller-manager']],
    args: ['-enable-leader-election=false'],
    env: { WEBHOOK_HOST: '127.0.0.1' },
    ports: {
      9443: (port) => ({ env: { WEBHOOK_PORT: String(port) } }),
      8081: (port) => ({ args: [`-health-addr=127.0.0.1:${port}`] }),
      2112: (port) => ({ args: [`-metrics-addr=127.0.0.1:${port}`] }),
    },
  },
});
