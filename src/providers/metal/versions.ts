import { SemVer } from 'semver';

const VERSION = /^v?(\d{1,15})(?:\.(\d{1,15}))?(?:\.(\d{1,15}))?(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;
const LONGEST = 128;

/**
 * A version as operators write it: a leading `v`, a missing minor or patch and leading zeros are fine (`24.04.20250101`).
 * Undefined when it is none.
 */
export function lenientVersion(text: string): SemVer | undefined {
  const match = text.length > LONGEST ? null : VERSION.exec(text);
  if (!match) return undefined;
  const [, major, minor = '0', patch = '0', preRelease = '', build = ''] = match;
  try {
    return new SemVer(`${Number(major)}.${Number(minor)}.${Number(patch)}${preRelease}${build}`);
  } catch {
    return undefined;
  }
}

/** The candidate with the highest version; the first of equals. Those without a version are passed over. */
export function newest<T>(candidates: readonly T[], versionOf: (candidate: T) => string): T | undefined {
  let best: { candidate: T; version: SemVer } | undefined;
  for (const candidate of candidates) {
    const version = lenientVersion(versionOf(candidate));
    if (version && (!best || version.compare(best.version) > 0)) best = { candidate, version };
  }
  return best?.candidate;
}
