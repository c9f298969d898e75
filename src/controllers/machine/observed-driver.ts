import type { Clock } from '../../kube/clock.ts';
import { toError } from '../../kube/errors.ts';
import { type MachineDriver, MachineError, type MachineErrorCode } from '../../providers/machine.ts';

/** What is told of the calls of a driver. */
export interface DriverMetrics {
  called(operation: string, seconds: number): void;
  failed(operation: string, code: MachineErrorCode): void;
}

/** A driver whose calls are measured, and which fails with MachineErrors only, or with the reason of its signal. */
export type ObservedDriver = Required<Omit<MachineDriver, 'settleMs' | 'secretOf'>>;

export function observed(driver: MachineDriver, clock: Clock, metrics: DriverMetrics | undefined): ObservedDriver {
  const measured =
    <R extends { readonly signal?: AbortSignal }, T>(operation: string, call: (request: R) => Promise<T>) =>
    async (request: R): Promise<T> => {
      const began = clock.monotonic();
      try {
        return await call(request);
      } catch (error) {
        if (request.signal?.aborted) throw request.signal.reason;
        const failure = toMachineError(error);
        metrics?.failed(operation, failure.code);
        throw failure;
      } finally {
        metrics?.called(operation, (clock.monotonic() - began) / 1000);
      }
    };
  return {
    provider: driver.provider,
    create: measured('create_machine', (request) => driver.create(request)),
    initialize: measured('initialize_machine', async (request) => {
      if (driver.initialize) return driver.initialize(request);
      throw new MachineError('Unimplemented', 'machines need not be initialised');
    }),
    delete: measured('delete_machine', (request) => driver.delete(request)),
    status: measured('get_machine_status', (request) => driver.status(request)),
    list: measured('list_machines', (request) => driver.list(request)),
    volumeIDs: (specs) => driver.volumeIDs(specs),
  };
}

function toMachineError(error: unknown): MachineError {
  if (error instanceof MachineError) return error;
  return new MachineError('Unknown', toError(error).message, { cause: error });
}
