/** Whether `value` has all that `part` has: objects may have more members, lists must be as long. */
export function includes(value: unknown, part: unknown): boolean {
  if (Array.isArray(part)) {
    return Array.isArray(value) && value.length === part.length && part.every((item, at) => includes(value[at], item));
  }
  if (typeof part !== 'object' || part === null) return value === part;
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(part).every(([key, member]) => includes((value as Record<string, unknown>)[key], member));
}
