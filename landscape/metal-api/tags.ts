/** Tags are `key=value`, cut at the first `=`; a tag without one is a key with an empty value. */
export function tagKey(tag: string): string {
  const end = tag.indexOf('=');
  return end === -1 ? tag : tag.slice(0, end);
}

export const MACHINE_TAG_KEY = 'machine.metal-stack.io/id';
export const ASN_TAG_KEY = 'machine.metal-stack.io/network.primary.asn';
export const RACK_TAG_KEY = 'machine.metal-stack.io/rack';

export function machineTag(machineId: string): string {
  return `${MACHINE_TAG_KEY}=${machineId}`;
}

export function isMachineTag(tag: string): boolean {
  return tagKey(tag) === MACHINE_TAG_KEY;
}

/** IP tags are kept sorted and without duplicates. */
export function ipTags(tags: readonly string[]): string[] {
  return [...new Set(tags)].sort();
}

/** Machine tags: of tags with the same key the last wins, so that system tags win; tags without `=` stay as they are. */
export function machineTags(user: readonly string[], system: readonly string[]): string[] {
  const byKey = new Map<string, string>();
  for (const tag of [...user, ...system]) {
    const key = tag.includes('=') ? tagKey(tag) : `\0${tag}`;
    byKey.delete(key);
    byKey.set(key, tag);
  }
  return [...byKey.values()];
}
