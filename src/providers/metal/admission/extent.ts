/** How large and how deep a value may be before rules read it; both are far beyond what anybody writes. */
export interface Extent {
  readonly members: number;
  readonly depth: number;
}

/** Whether a JSON value stays within the extent. Never recursive, and stops soon after the first member beyond. */
export function isWithin(value: unknown, { members, depth }: Extent): boolean {
  let level: object[] = isNested(value) ? [value] : [];
  let seen = 0;
  for (let deep = 0; level.length > 0; deep++) {
    const next: object[] = [];
    for (const object of level) {
      seen += collect(object, next);
      if (seen > members || (deep === depth && !isEmpty(object))) return false;
    }
    level = next;
  }
  return true;
}

/** Adds the members that have members themselves; returns how many members there are. */
function collect(object: object, nested: object[]): number {
  if (Array.isArray(object)) {
    for (const member of object) if (isNested(member)) nested.push(member);
    return object.length;
  }
  let count = 0;
  // What JSON.parse made inherits nothing; unlike Object.values, this makes no list of every object.
  for (const key in object) {
    const member: unknown = object[key as keyof typeof object];
    if (isNested(member)) nested.push(member);
    count++;
  }
  return count;
}

function isEmpty(object: object): boolean {
  for (const _ in object) return false;
  return true;
}

const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** CloudProfiles of large installations have thousands of machine images. */
export const PROFILE_EXTENT: Extent = { members: 300_000, depth: 48 };
export const SHOOT_EXTENT: Extent = { members: 50_000, depth: 48 };
