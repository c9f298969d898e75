import { isDeepStrictEqual } from 'node:util';
import type { Taint } from '../../apis/extensions/worker.ts';
import type { Machine, MachineSpec } from '../../apis/machine/machine.ts';
import { appliedTemplateAnnotation, machineNameLabel, nodeFinalizer, notManagedAnnotation } from './names.ts';
import type { Node } from './node.ts';

type Template = NonNullable<MachineSpec['nodeTemplate']>;
type Texts = Readonly<Record<string, string>>;

/**
 * The merge patch that gives a Node the labels, annotations and taints of its Machine's template, and takes what an
 * earlier template gave; what others have put there stays (metal-components F.5). Undefined when it has them. It does
 * not apply to a Node that has changed meanwhile.
 */
export function nodePatch(machine: Machine, node: Node): object | undefined {
  const template = machine.spec.nodeTemplate ?? {};
  const applied = appliedTemplate(node);
  const { labels = {}, annotations = {}, finalizers = [], resourceVersion } = node.metadata;
  const wantedLabels = { ...template.metadata?.labels, [machineNameLabel]: machine.metadata.name };
  const wantedAnnotations = {
    ...template.metadata?.annotations,
    ...(isDeepStrictEqual(applied, template) ? {} : { [appliedTemplateAnnotation]: JSON.stringify(template) }),
  };
  const taints = mergedTaints(node.spec?.taints ?? [], template.spec?.taints ?? [], applied?.spec?.taints ?? []);
  const gone = Object.keys(applied?.metadata?.annotations ?? {}).concat(notManagedAnnotation);
  const labelPatch = textPatch(labels, wantedLabels, Object.keys(applied?.metadata?.labels ?? {}));
  const annotationPatch = textPatch(annotations, wantedAnnotations, gone);
  const isHeld = finalizers.includes(nodeFinalizer);
  if (!labelPatch && !annotationPatch && !taints && isHeld) return undefined;
  return {
    metadata: {
      resourceVersion,
      ...(labelPatch && { labels: labelPatch }),
      ...(annotationPatch && { annotations: annotationPatch }),
      ...(isHeld ? {} : { finalizers: [...finalizers, nodeFinalizer] }),
    },
    ...(taints && { spec: { taints } }),
  };
}

/** Undefined when none was applied, or what stands there is not ours. */
function appliedTemplate({ metadata }: Node): Template | undefined {
  try {
    const value: unknown = JSON.parse(metadata.annotations?.[appliedTemplateAnnotation] ?? '');
    return typeof value === 'object' && value !== null ? (value as Template) : undefined;
  } catch {
    return undefined;
  }
}

function textPatch(live: Texts, wanted: Texts, before: readonly string[]): object | undefined {
  const set = Object.entries(wanted).filter(([name, value]) => live[name] !== value);
  const unset = before.filter((name) => !(name in wanted) && name in live).map((name) => [name, null] as const);
  return set.length + unset.length > 0 ? Object.fromEntries([...set, ...unset]) : undefined;
}

const idOf = ({ key, effect }: Taint): string => `${key}:${effect}`;

function mergedTaints(
  live: readonly Taint[],
  wanted: readonly Taint[],
  before: readonly Taint[],
): readonly Taint[] | undefined {
  const wantedIDs = new Set(wanted.map(idOf));
  const goneIDs = new Set(before.map(idOf).filter((id) => !wantedIDs.has(id)));
  const isRight = (taint: Taint) => live.some((one) => idOf(one) === idOf(taint) && one.value === taint.value);
  const missing = wanted.filter((taint) => !isRight(taint));
  if (missing.length === 0 && !live.some((taint) => goneIDs.has(idOf(taint)))) return undefined;
  const replaced = new Set(missing.map(idOf));
  return [...live.filter((taint) => !goneIDs.has(idOf(taint)) && !replaced.has(idOf(taint))), ...missing];
}
