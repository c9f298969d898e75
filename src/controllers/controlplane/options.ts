import type { KubeObject } from '../../kube/object.ts';
import type { ControlPlaneDriver } from '../../providers/control-plane.ts';
import type { ProviderDependencies } from '../../providers/provider.ts';

export interface ControlPlaneOptions extends ProviderDependencies {
  /** Name of the extension, e.g. `provider-metal`: owner of the Secrets. */
  readonly name: string;
  readonly driver: ControlPlaneDriver;
  /**
   * Resolves with the webhook configuration for shoots as soon as it is published; undefined when shoots have none.
   * Absent where this process serves no webhooks: what another has brought to the shoots stays as it is.
   */
  readonly shootWebhooks?: ((signal: AbortSignal) => Promise<KubeObject | undefined>) | undefined;
}

/** Longest wait for ManagedResources (gardener-contract 3.3). */
export const waitMs = 120_000;

/** Whose the Secrets are, as Gardener's extension library says it: those that the Go extension made are taken over. */
export const secretsIdentity = (extension: string): string => `${extension}-controlplane`;
