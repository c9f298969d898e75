import type { Worker, WorkerPool } from '../apis/extensions/worker.ts';
import type { MachineClass } from '../apis/machine/machine.ts';
import type { ErrorCode } from './errors.ts';
import type { Operation } from './provider.ts';

/** What the machines of a pool are made from, in one zone. */
export interface MachineClassContent {
  /** Name of the machine controller's driver. */
  readonly provider: string;
  readonly providerSpec: unknown;
  readonly nodeTemplate?: MachineClass['nodeTemplate'];
  /** Base64 values that the machine controller reads besides `userData`. */
  readonly secretData: Readonly<Record<string, string>>;
}

/** One pool as the provider wants it. The generic part adds names, hash, user data, replicas and settings. */
export interface PoolPlan {
  readonly pool: WorkerPool;
  /** One MachineDeployment for each zone, `<technicalID>-<pool>-z<n>`; for none one, `<technicalID>-<pool>`. */
  readonly zones: readonly string[];
  /** What new machines must be made for when it changes, besides what Gardener hashes itself (gardener-contract 2.2). */
  readonly hashData: { readonly rolling: readonly string[]; readonly inPlace: readonly string[] };
  readonly content: (zone: string | undefined) => MachineClassContent;
  /** Labels of the nodes besides those of the pool, by zone. */
  readonly nodeLabels?: (zone: string | undefined) => Readonly<Record<string, string>>;
}

export interface WorkerPlan {
  readonly pools: readonly PoolPlan[];
  /** Written as status.providerStatus before machines are asked for. */
  readonly providerStatus: unknown;
}

/** What a provider type fills in of the Worker (gardener-contract 2). */
export interface WorkerDriver {
  /** What must be there before machines. Idempotent. */
  beforeReconcile(operation: Operation<Worker>): Promise<void>;
  /** What the machines are to be. Reads what it must, writes nothing. */
  plan(operation: Operation<Worker>): Promise<WorkerPlan>;
  /**
   * The last word on the hash in a class name: `computed` unless an operator has pinned it. `existing` are the names of
   * all MachineClasses in the namespace.
   */
  hash(
    operation: Operation<Worker>,
    deployment: string,
    pool: WorkerPool,
    computed: string,
    existing: readonly string[],
  ): string;
  /** After the machines are wanted, before they are waited for: what is to be noted of the present state. */
  afterReconcile(operation: Operation<Worker>): Promise<void>;
  /** After the last machine is gone. */
  afterDeletion(operation: Operation<Worker>): Promise<void>;
  /** Machines are gone or given up; must not depend on the shoot. */
  forceDelete(operation: Operation<Worker>): Promise<void>;
  /** Machines stay; what else of the provider's must be let go of here to be taken up on another seed. */
  migrate(operation: Operation<Worker>): Promise<void>;
  /** Before machines are restored. */
  beforeRestore(operation: Operation<Worker>): Promise<void>;
  /** Gardener's codes for what a machine controller has said of a machine. */
  codesOf(machineError: string): readonly ErrorCode[];
}
