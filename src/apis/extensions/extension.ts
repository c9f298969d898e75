import type { ApiObject } from '../object.ts';

/** Types shared by all kinds of extensions.gardener.cloud/v1alpha1 (gardener-contract 1.2, 1.3). */

export type OperationType = 'Create' | 'Reconcile' | 'Delete' | 'Migrate' | 'Restore';
export type OperationState = 'Processing' | 'Succeeded' | 'Error' | 'Failed' | 'Pending' | 'Aborted';

export interface LastOperation {
  description: string;
  /** RFC 3339, second precision, UTC. */
  lastUpdateTime: string;
  /** Percent, 0 to 100. */
  progress: number;
  state: OperationState;
  type: OperationType;
}

export interface LastError {
  description: string;
  codes?: readonly string[];
  lastUpdateTime?: string;
}

export interface DefaultSpec {
  type: string;
  /** Absent means `shoot`. */
  class?: string;
  providerConfig?: unknown;
}

export interface DefaultStatus {
  providerStatus?: unknown;
  lastError?: LastError;
  lastOperation?: LastOperation;
  observedGeneration?: number;
  state?: unknown;
}

export interface SecretReference {
  name: string;
  namespace?: string;
}

export interface ExtensionObject extends ApiObject {
  spec: DefaultSpec;
  status?: DefaultStatus;
}
