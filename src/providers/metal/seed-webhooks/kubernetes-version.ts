import type { Shoot } from '../../../apis/core/shoot.ts';

/** Whether the Shoot's Kubernetes is older than `major.minor`; false when its version is not known. */
export function isBefore(shoot: Shoot | undefined, major: number, minor: number): boolean {
  const kubernetes = shoot?.spec.kubernetes as { readonly version?: unknown } | null | undefined;
  const version = kubernetes?.version;
  const match = typeof version === 'string' ? /^v?(\d+)\.(\d+)/.exec(version) : null;
  if (!match) return false;
  const [own, ownMinor] = [Number(match[1]), Number(match[2])];
  return own < major || (own === major && ownMinor < minor);
}
