/** metav1.Time, as Go writes it: RFC 3339 in UTC, whole seconds. `ms` since the epoch. */
export const timestamp = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
