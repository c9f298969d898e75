import type { Lease } from '../kube/lease.ts';
import { keyOf } from '../kube/object.ts';
import type { Finding } from '../providers/doctor.ts';
import { since } from './since.ts';

const staleMs = 5 * 60_000;

/** Leases that the running extension renews every few seconds. */
export function leaseFindings(leases: readonly Lease[], now: number): readonly Finding[] {
  return leases
    .filter(({ spec }) => !(now - Date.parse(spec?.renewTime ?? '') <= staleMs))
    .map(({ metadata, spec }) => ({
      ...{ severity: 'error', kind: 'LeaseStale', object: `Lease ${keyOf(metadata)}`, cluster: '' },
      message: `has not been renewed for ${since(spec?.renewTime, now)}${spec?.holderIdentity ? `, last by ${spec.holderIdentity}` : ''}`,
      advice: 'See that the extension runs in this seed; if it was removed, delete the Lease',
    }));
}
