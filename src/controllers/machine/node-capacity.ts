import { isDeepStrictEqual } from 'node:util';
import { appliedCapacityAnnotation } from './names.ts';
import type { Node } from './node.ts';

type Capacity = Readonly<Record<string, string | number>>;

/** The merge patches of status and metadata that give a Node the virtual capacity of its class. */
export interface CapacityPatches {
  readonly status: object;
  readonly metadata: object;
}

/** Undefined when the Node has it. Amounts that differ in spelling only are written once. */
export function capacityPatches(node: Node, wanted: Capacity = {}): CapacityPatches | undefined {
  const applied = appliedCapacity(node);
  const live = node.status?.capacity ?? {};
  const isThere = Object.keys(wanted).every((name) => name in live);
  if (isThere && isDeepStrictEqual(applied, wanted)) return undefined;
  const gone = Object.keys(applied).filter((name) => !(name in wanted));
  const capacity = { ...Object.fromEntries(gone.map((name) => [name, null])), ...wanted };
  const text = Object.keys(wanted).length > 0 ? JSON.stringify(wanted) : null;
  return {
    status: { status: { capacity } },
    metadata: { metadata: { annotations: { [appliedCapacityAnnotation]: text } } },
  };
}

function appliedCapacity({ metadata }: Node): Capacity {
  try {
    const value: unknown = JSON.parse(metadata.annotations?.[appliedCapacityAnnotation] ?? '{}');
    return typeof value === 'object' && value !== null ? (value as Capacity) : {};
  } catch {
    return {};
  }
}
