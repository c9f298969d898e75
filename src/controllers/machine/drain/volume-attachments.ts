import type { Operation } from '../context.ts';
import type { StepResult } from '../delete.ts';
import { nodeLabel } from '../names.ts';
import { volumeAttachments } from './objects.ts';

/**
 * After pods were ended by force nobody unmounts their volumes: their attachments are taken away, so that they can be
 * attached elsewhere (metal-components F.6).
 */
export async function detachVolumes({ context, machine, settings, signal }: Operation): Promise<StepResult> {
  const { target } = context;
  const name = machine.metadata.labels?.[nodeLabel] ?? '';
  const node = target?.nodes.get({ name });
  if (!target || !node?.status?.volumesAttached?.length) return { next: 'machine' };
  const { items } = await target.client.list(volumeAttachments, { signal });
  const live = items.filter(({ metadata, spec }) => spec?.nodeName === name && !metadata.deletionTimestamp);
  if (live.length === 0) return { next: 'machine' };
  for (const { metadata } of live) await target.client.delete(volumeAttachments, metadata, { signal });
  return { waitMs: settings.periods.short };
}
