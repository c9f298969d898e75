type Tree = Record<string, unknown>;

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a JSON merge patch (RFC 7386) makes of a value: null removes a field, arrays are replaced whole. */
export function applyMergePatch(before: unknown, patch: unknown): unknown {
  if (!isTree(patch)) return patch;
  const after: Tree = isTree(before) ? { ...before } : {};
  for (const [field, value] of Object.entries(patch)) {
    if (value === null) delete after[field];
    else if (value !== undefined) after[field] = applyMergePatch(after[field], value);
  }
  return after;
}
