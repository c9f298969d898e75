import type { GardenProfile, StoredMachines } from '../providers/doctor.ts';
import type { AdmissionFacts } from './admission.ts';
import type { BindingFact } from './bindings.ts';

/** What was read of a garden besides its Shoots; no Secret's data is in it. */
export interface GardenSnapshot {
  readonly name: string;
  readonly profiles: readonly GardenProfile[];
  readonly bindings: readonly BindingFact[];
  /** Undefined when it could not be read. */
  readonly admission: AdmissionFacts | undefined;
}

/** The machines of a ShootState. */
export interface StateFact extends Omit<StoredMachines, 'providerIDs'> {
  /** Undefined when they cannot be read. */
  readonly providerIDs: readonly string[] | undefined;
}
