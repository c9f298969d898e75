import type { Machine } from '../../apis/machine/machine.ts';

/**
 * Machines whose machine the provider does not have any more: `listed` is what it has, asked for after `machines` were
 * read. Their Nodes will not report any more, by which they are given up in time; nothing else follows, as a provider
 * that answers wrongly must not cost a cluster its machines.
 */
export function vanished(machines: readonly Machine[], listed: ReadonlyMap<string, string>): readonly Machine[] {
  return machines.filter(({ metadata, spec }) => {
    if (metadata.deletionTimestamp || !spec.providerID) return false;
    return !listed.has(spec.providerID);
  });
}
