import type { ManagedResource } from '../apis/resources/managed-resource.ts';
import type { KubeObject } from '../kube/object.ts';

/** Objects that gardener-resource-manager is to apply, and how. */
export interface DesiredManagedResource {
  readonly name: string;
  /** Of the seed; absent for the shoot. */
  readonly class?: 'seed';
  /** None is a wish, too: what was applied before goes. */
  readonly objects: readonly KubeObject[];
  readonly injectLabels?: Readonly<Record<string, string>>;
  /** Annotations that others put on the objects go. */
  readonly forceOverwriteAnnotations?: boolean;
}

type Spec = NonNullable<ManagedResource['spec']>;

/** Its whole spec. Objects go with it, whatever a migration that came to nothing has written. */
export function specOf(desired: DesiredManagedResource, secretName: string): Spec {
  return {
    secretRefs: [{ name: secretName }],
    keepObjects: false,
    ...(desired.class ? { class: desired.class } : {}),
    ...(desired.injectLabels ? { injectLabels: desired.injectLabels } : {}),
    ...(desired.forceOverwriteAnnotations ? { forceOverwriteAnnotations: true } : {}),
  };
}
