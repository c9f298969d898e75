import type { KubeObject } from '../../../kube/object.ts';

export interface EnvVar {
  name: string;
  value?: string;
  valueFrom?: object;
}

export interface Container {
  name: string;
  command?: readonly string[];
  args?: readonly string[];
  env?: readonly EnvVar[];
}

export interface PodTemplate {
  metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
  spec?: { containers?: readonly Container[]; initContainers?: readonly Container[] };
}

/** The slice of Deployment, StatefulSet and DaemonSet that is changed. */
export interface Workload extends KubeObject {
  spec?: { template?: PodTemplate };
}

/** The workload with a changed pod template; as it is when it has none. */
export function withTemplate(object: KubeObject, change: (template: PodTemplate) => PodTemplate): KubeObject {
  const workload = object as Workload;
  const template = workload.spec?.template;
  if (!template) return object;
  return { ...workload, spec: { ...workload.spec, template: change(template) } } as KubeObject;
}

/** Changes each container for which `applies` holds, init containers included. */
export function withContainers(
  template: PodTemplate,
  applies: (name: string) => boolean,
  change: (container: Container) => Container,
): PodTemplate {
  const { containers, initContainers } = template.spec ?? {};
  const all = (list: readonly Container[]) => list.map((one) => (applies(one.name) ? change(one) : one));
  return {
    ...template,
    spec: {
      ...template.spec,
      ...(containers && { containers: all(containers) }),
      ...(initContainers && { initContainers: all(initContainers) }),
    },
  };
}

export function withPodMetadata(
  template: PodTemplate,
  added: { readonly labels?: Record<string, string>; readonly annotations?: Record<string, string> },
): PodTemplate {
  const { labels, annotations } = template.metadata ?? {};
  return {
    ...template,
    metadata: {
      ...template.metadata,
      ...(added.labels && { labels: { ...labels, ...added.labels } }),
      ...(added.annotations && { annotations: { ...annotations, ...added.annotations } }),
    },
  };
}

/** Replaces the variable of that name in its place, or appends it. */
export function withEnv(container: Container, variable: EnvVar): Container {
  return { ...container, env: replaceByName(container.env ?? [], variable, ({ name }) => name) };
}

/** The list with `item` instead of the one of equal name; appended when there is none. Later ones of that name go. */
export function replaceByName<T>(list: readonly T[], item: T, nameOf: (item: T) => string): T[] {
  const name = nameOf(item);
  const at = list.findIndex((other) => nameOf(other) === name);
  if (at < 0) return [...list, item];
  return list.flatMap((other, index) => {
    if (index === at) return [item];
    return nameOf(other) === name ? [] : [other];
  });
}
