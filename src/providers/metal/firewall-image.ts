import type { SemVer } from 'semver';
import { lenientVersion, newest } from './versions.ts';

interface FirewallImage {
  readonly os: string;
  readonly version: SemVer;
}

/** `<os>-<version>`, split at the last dash. */
function parsed(image: string): FirewallImage | undefined {
  const dash = image.lastIndexOf('-');
  const version = lenientVersion(image.slice(dash + 1));
  return dash > 0 && version ? { os: image.slice(0, dash), version } : undefined;
}

/**
 * The image that a firewall gets where the Shoot names none: the newest version of the operating system that the
 * profile lists first, so that its order says what the operator prefers. The first entry if none has a version.
 */
export function defaultFirewallImage(images: readonly string[]): string | undefined {
  const os = images.map((image) => parsed(image)?.os).find((name) => name !== undefined);
  const ofOS = images.filter((image) => parsed(image)?.os === os);
  return newest(ofOS, (image) => image.slice(image.lastIndexOf('-') + 1)) ?? images[0];
}

/** Whether two images are of one operating system and differ in the patch version only, in either direction. */
export function isPatchOf(image: string, other: string): boolean {
  const [left, right] = [parsed(image), parsed(other)];
  if (!left || !right || left.os !== right.os) return false;
  const [one, two] = [left.version, right.version];
  return one.major === two.major && one.minor === two.minor && one.patch !== two.patch;
}
