import type { Machine, MachineClass } from '../apis/machine/machine.ts';

/** machine-controller-manager's codes of a driver's failure; they stand in a Machine's status (metal-components E, F). */
export type MachineErrorCode =
  | 'Canceled'
  | 'Unknown'
  | 'InvalidArgument'
  | 'DeadlineExceeded'
  | 'NotFound'
  | 'AlreadyExists'
  | 'PermissionDenied'
  | 'ResourceExhausted'
  | 'FailedPrecondition'
  | 'Aborted'
  | 'OutOfRange'
  | 'Unimplemented'
  | 'Internal'
  | 'Unavailable'
  | 'DataLoss'
  | 'Unauthenticated'
  | 'Uninitialized';

/** A failure that a person reads in a Machine's status: never a secret. The code decides when it is tried again. */
export class MachineError extends Error {
  override readonly name = 'MachineError';
  readonly code: MachineErrorCode;

  constructor(code: MachineErrorCode, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
  }
}

/** What a driver is asked about. */
export interface MachineRequest {
  readonly machine: Machine;
  readonly machineClass: MachineClass;
  /** The data of the class's Secret and of its credentials together, decoded. */
  readonly secret: Readonly<Record<string, Buffer>>;
  /** User data with its placeholders filled in; only when a machine is created. */
  readonly userData?: string;
  readonly signal: AbortSignal;
}

/** A machine as its provider knows it. */
export interface MachineInstance {
  readonly providerID: string;
  /** Name of the Node that it becomes. */
  readonly nodeName: string;
}

/** What a provider type fills in of the machine controller. Failures are MachineErrors. */
export interface MachineDriver {
  /** Value of MachineClass.provider that it serves. */
  readonly provider: string;
  /**
   * So long, in milliseconds, an order may still come to a machine when who has made it is gone; absent: it is there
   * at once.
   */
  readonly settleMs?: number;
  /** What a class's Secret and its credentials say together; absent: the fields of both, of which the credentials' win. */
  secretOf?(own: MachineRequest['secret'], credentials: MachineRequest['secret']): MachineRequest['secret'];
  /**
   * Finds the machine of that name of this cluster, or makes it: a lost answer must not make a second one
   * (ResourceExhausted when there is none to be had).
   */
  create(request: MachineRequest): Promise<MachineInstance>;
  /** What remains to be done to a machine that exists; Unimplemented when there is nothing of the kind. */
  initialize?(request: MachineRequest): Promise<MachineInstance>;
  /** Gives back what is wholly this cluster's; a machine that is gone is success. */
  delete(request: MachineRequest): Promise<void>;
  /** NotFound when there is none, Uninitialized when `initialize` has to follow. */
  status(request: MachineRequest): Promise<MachineInstance>;
  /** Names by provider id of all machines that were made for this class's cluster, and for no other. */
  list(request: Omit<MachineRequest, 'machine'>): Promise<ReadonlyMap<string, string>>;
  /** Ids, as VolumeAttachments name them, of the PersistentVolumes that the provider knows. */
  volumeIDs(specs: readonly unknown[]): Promise<readonly string[]>;
}
