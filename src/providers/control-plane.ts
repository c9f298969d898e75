import type { ControlPlane } from '../apis/extensions/control-plane.ts';
import type { KubeObject } from '../kube/object.ts';
import type { Secret } from '../kube/secret.ts';
import type { Operation } from './provider.ts';
import type { ManagedSecret, SecretConfig } from './secrets.ts';

/** What the generic part has made ready before it asks for the objects. */
export interface ControlPlaneContext {
  readonly operation: Operation<ControlPlane>;
  /** Name of the control-plane namespace. */
  readonly namespace: string;
  /** The shoot hibernates and its API server is down: components that serve it may go down, too. */
  readonly scaledDown: boolean;
  /** By name of their config; of a CA its present key pair. */
  readonly secrets: ReadonlyMap<string, ManagedSecret>;
  /** By name of the CA's config: `bundle.crt`, all CAs that are to be trusted now. */
  readonly bundles: ReadonlyMap<string, ManagedSecret>;
  /** The Secret that the ControlPlane refers to; undefined when there is none. */
  readonly credentials: Secret | undefined;
  /** By name of the config, and `cloudprovider`: for annotations `checksum/secret-<name>` of pod templates. */
  readonly checksums: ReadonlyMap<string, string>;
  /** The Secret with the kubeconfig that all components of a shoot share; it changes with a rotation. */
  readonly genericKubeconfigSecret: string;
}

/** Objects that gardener-resource-manager is to apply; namespaces are written out, apiVersion and kind are set. */
export interface ControlPlaneObjects {
  /** ManagedResource `extension-controlplane-seed`. */
  readonly seed: readonly KubeObject[];
  /** `extension-controlplane-shoot`. */
  readonly shoot: readonly KubeObject[];
  /** `extension-controlplane-storageclasses`. */
  readonly storageClasses: readonly KubeObject[];
}

/** What a provider type fills in of the ControlPlane (gardener-contract 3.2, 3.3). */
export interface ControlPlaneDriver {
  /** Certificates of the components in a control-plane namespace. */
  secretConfigs(namespace: string): readonly SecretConfig[];
  /** Components that call the shoot: each gets a Secret `shoot-access-<component>` and kube-system/<component> there. */
  readonly shootAccess: readonly string[];
  /** Everything that the components consist of. Reads what it must, writes nothing. */
  desired(context: ControlPlaneContext): Promise<ControlPlaneObjects>;
  /** Before the objects of the seed are deleted: takes out what must outlive a migration. */
  beforeMigration(operation: Operation<ControlPlane>): Promise<void>;
  /** After everything is gone: what the components have left. */
  afterDeletion(operation: Operation<ControlPlane>): Promise<void>;
}
