import { isDeepStrictEqual } from 'node:util';
import { dump, load } from 'js-yaml';
import { toError } from '../../../kube/errors.ts';
import type { KubeObject } from '../../../kube/object.ts';
import type { Mutation } from '../../admission.ts';
import { configurationProblem } from '../errors.ts';

/** Namespaces of the shoot in which metal's ManagedResources have objects, `audit` those of the audit extension. */
const namespaces = ['firewall', 'metallb-system', 'csi-lvm', 'audit'];
const key = 'config.yaml';

interface ConfigMap extends KubeObject {
  data?: Record<string, string>;
  immutable?: boolean;
}

interface Configuration {
  readonly targetClientConnection?: { readonly namespaces?: readonly string[] | null } | null;
}

/**
 * gardener-resource-manager of a Shoot sees only the namespaces that its configuration names. gardenlet makes an immutable
 * ConfigMap for each content and applies it again and again: the text must then be exactly the one that is stored, also
 * when another version of the extension wrote it.
 */
export const resourceManager: Mutation = {
  kind: 'ConfigMap',
  names: /^gardener-resource-manager-/,
  apply(object, _facts, before) {
    const configMap = object as ConfigMap;
    const text = configMap.data?.[key];
    if (text === undefined) return object;
    const config = parse(text, configMap.metadata.name);
    const given = config.targetClientConnection?.namespaces ?? [];
    const missing = namespaces.filter((namespace) => !given.includes(namespace));
    // None means all of them: to name some would take the others away.
    if (given.length === 0 || missing.length === 0) return object;
    const wanted = [...given, ...missing];
    const old = before as ConfigMap | undefined;
    const stored = old?.immutable ? old.data?.[key] : undefined;
    const keep = stored !== undefined && isDeepStrictEqual(namespacesOf(stored, configMap.metadata.name), wanted);
    const changed = { ...config, targetClientConnection: { ...config.targetClientConnection, namespaces: wanted } };
    const data = { ...configMap.data, [key]: keep ? stored : dump(changed, { seqNoIndent: true, lineWidth: -1 }) };
    return { ...configMap, data } as KubeObject;
  },
};

function namespacesOf(text: string, name: string): readonly string[] | null | undefined {
  return parse(text, name).targetClientConnection?.namespaces;
}

function parse(text: string, name: string): Configuration {
  try {
    const value = text.trim() === '' ? undefined : load(text);
    return typeof value === 'object' && value !== null ? (value as Configuration) : {};
  } catch (error) {
    throw configurationProblem(`${key} of the ConfigMap ${name} is not YAML: ${toError(error).message}`);
  }
}
