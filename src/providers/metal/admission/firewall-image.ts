import { lenientVersion, newest } from './versions.ts';

/** `<os>-<version>`, split at the last dash. */
function parsed(image: string): { readonly os: string; readonly version: string } | undefined {
  const dash = image.lastIndexOf('-');
  const version = image.slice(dash + 1);
  return dash > 0 && lenientVersion(version) ? { os: image.slice(0, dash), version } : undefined;
}

/**
 * The image that a firewall gets where the Shoot names none: the newest version of the operating system that the
 * profile lists first, so that its order says what the operator prefers. The first entry if none has a version.
 */
export function defaultFirewallImage(images: readonly string[]): string | undefined {
  const os = images.map((image) => parsed(image)?.os).find((name) => name !== undefined);
  const ofOS = images.filter((image) => parsed(image)?.os === os);
  return newest(ofOS, (image) => parsed(image)?.version ?? '') ?? images[0];
}
