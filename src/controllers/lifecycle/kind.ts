import type { ExtensionObject } from '../../apis/extensions/extension.ts';
import type { Resource } from '../../kube/resource.ts';

/** What the lifecycle must know of an extension kind (gardener-contract 1.7 to 1.9). */
export interface ExtensionKind<T extends ExtensionObject> {
  readonly resource: Resource<T>;
  /** In status descriptions, and the controller's name: `infrastructure`. */
  readonly noun: string;
  readonly finalizer: string;
  /** Deadline of one run. */
  readonly deadlineMs: number;
  /** After a migration the object loses its own finalizer only, or all. */
  readonly migrationRemoves: 'own' | 'all';
}
