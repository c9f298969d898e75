import { Buffer } from 'node:buffer';
import { dump, load } from 'js-yaml';
import type { InlineFileContent } from '../../../apis/extensions/operating-system-config.ts';
import { toError } from '../../../kube/errors.ts';
import { configurationProblem } from '../errors.ts';

/** kubelet does not start with feature gates that it does not know any more. */
const formerGates = ['VolumeSnapshotDataSource', 'CSINodeInfo', 'CSIDriverRegistry'];

interface KubeletConfiguration {
  readonly featureGates?: Readonly<Record<string, boolean>> | null;
}

/** A KubeletConfiguration without former feature gates, in the encoding that it has; untouched when it has none. */
export function withoutFormerGates(inline: InlineFileContent): InlineFileContent {
  const { encoding = '', data = '' } = inline;
  if (encoding !== '' && encoding !== 'b64') return inline;
  const text = encoding === 'b64' ? Buffer.from(data, 'base64').toString('utf8') : data;
  if (!formerGates.some((gate) => text.includes(gate))) return inline;
  const config = parse(text);
  const gates = Object.entries(config.featureGates ?? {});
  const kept = gates.filter(([gate]) => !formerGates.includes(gate));
  if (kept.length === gates.length) return inline;
  const { featureGates: _, ...rest } = config;
  const changed = kept.length > 0 ? { ...config, featureGates: Object.fromEntries(kept) } : rest;
  const printed = dump(changed, { seqNoIndent: true, lineWidth: -1 });
  return { ...inline, data: encoding === 'b64' ? Buffer.from(printed).toString('base64') : printed };
}

function parse(text: string): KubeletConfiguration {
  try {
    const value = text.trim() === '' ? undefined : load(text);
    return typeof value === 'object' && value !== null ? (value as KubeletConfiguration) : {};
  } catch (error) {
    throw configurationProblem(`the kubelet configuration is not YAML: ${toError(error).message}`);
  }
}
