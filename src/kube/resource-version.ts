/**
 * Negative when `a` is older than `b`. Kubernetes 1.35 declares resourceVersions of one resource comparable: they are
 * decimal numbers without leading zeros, of any length. Anything else counts as older than every number.
 */
export function compareResourceVersions(a: string | undefined, b: string | undefined): number {
  const x = numeric(a);
  const y = numeric(b);
  if (x.length !== y.length) return x.length - y.length;
  if (x === y) return 0;
  return x < y ? -1 : 1;
}

function numeric(version: string | undefined): string {
  return version !== undefined && /^[1-9][0-9]*$/.test(version) ? version : '';
}
