/** How large and how deep a value may be before rules read it; both are far beyond what anybody writes. */
export interface Extent {
  readonly members: number;
  readonly depth: number;
}

/** Whether a JSON value stays within the extent. Never recursive, and stops at the first member beyond. */
export function isWithin(value: unknown, extent: Extent): boolean {
  let level: unknown[] = [value];
  let seen = 0;
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > extent.depth) return false;
    const next: unknown[] = [];
    for (const member of level) {
      if (typeof member !== 'object' || member === null) continue;
      const members = Object.values(member);
      seen += members.length;
      if (seen > extent.members) return false;
      for (const inner of members) next.push(inner);
    }
    level = next;
  }
  return true;
}

/** CloudProfiles of large installations have thousands of machine images. */
export const PROFILE_EXTENT: Extent = { members: 300_000, depth: 48 };
export const SHOOT_EXTENT: Extent = { members: 50_000, depth: 48 };
