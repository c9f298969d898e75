import type { MetalApiCall } from './metal-api.ts';
import type { PlannedObject } from './objects.ts';

/** Where an object is, for people. */
export function placeOf({ place, via }: PlannedObject): string {
  return via ? `${place}, by ManagedResource ${via}` : place;
}

export function actionOf({ before, after }: PlannedObject): 'create' | 'change' | 'delete' {
  if (!after) return 'delete';
  return before ? 'change' : 'create';
}

export function describeCall({ call, request }: MetalApiCall): string {
  return `${call} ${JSON.stringify(request)}`;
}
