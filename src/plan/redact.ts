import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '../kube/object.ts';
import type { Secret } from '../kube/secret.ts';
import type { Replacements } from './generated.ts';
import type { PlannedObject } from './objects.ts';

const metadataOfServer = ['uid', 'resourceVersion', 'creationTimestamp', 'generation', 'managedFields', 'selfLink'];
const statusOfLifecycle = [
  'lastOperation',
  'lastError',
  'observedGeneration',
  'conditions',
  'machineDeploymentsLastUpdateTime',
];
/** They tell when a Secret was made. */
const timeLabels = ['issued-at-time', 'valid-until-time'];
/** Where `kubectl apply` leaves the whole object, values included. */
const copies = ['kubectl.kubernetes.io/last-applied-configuration'];

/** What people see of an object: what the server or the lifecycle fills in is left out, and so is every secret. */
export function redact(object: PlannedObject, replacements: Replacements): PlannedObject {
  const longestFirst = replacements.toSorted(([a], [b]) => b.length - a.length);
  const { before, after } = object;
  const show = (side: KubeObject | undefined, other: KubeObject | undefined) =>
    side && (replaced(shownOf(side, other, side === after), longestFirst) as KubeObject);
  return { ...object, before: show(before, after), after: show(after, before) };
}

function shownOf(object: KubeObject, other: KubeObject | undefined, isAfter: boolean): KubeObject {
  const { apiVersion, kind, metadata, ...content } = object as KubeObject & { status?: object };
  const { status, ...rest } = content;
  const shown = {
    apiVersion: apiVersion ?? '',
    kind: kind ?? '',
    metadata: without(metadata, metadataOfServer),
    ...rest,
    ...(status && kind !== undefined && showsStatus(apiVersion) ? { status: without(status, statusOfLifecycle) } : {}),
  } as KubeObject;
  if (kind === 'Secret') return secretOf(shown, other, isAfter);
  return kind === 'ManagedResource' ? managedResourceOf(shown) : shown;
}

const showsStatus = (apiVersion = '') => apiVersion.startsWith('extensions.gardener.cloud/');

/** Values that differ are told apart, and nothing else is told of them. */
function secretOf(secret: Secret, other: Secret | undefined, isAfter: boolean): KubeObject {
  const { data = {}, ...rest } = secret;
  const texts = Object.keys(data).map((key) => {
    const isSame = !other || other.data?.[key] === undefined || isDeepStrictEqual(other.data[key], data[key]);
    return [key, isSame ? '<secret>' : `<secret, ${isAfter ? 'after' : 'before'}>`];
  });
  const { labels, annotations, ...metadata } = rest.metadata;
  return {
    ...rest,
    metadata: {
      ...metadata,
      ...(labels ? { labels: without(labels, timeLabels) } : {}),
      ...(annotations ? { annotations: without(annotations, copies) } : {}),
    },
    stringData: Object.fromEntries(texts),
  } as KubeObject;
}

/** Its Secret is named by its content, which is shown object by object. */
function managedResourceOf(resource: KubeObject & { spec?: object }): KubeObject {
  const { annotations = {}, ...metadata } = resource.metadata;
  const kept = Object.entries(annotations).filter(([key]) => !key.startsWith('reference.resources.gardener.cloud/'));
  return {
    ...resource,
    metadata: { ...metadata, ...(kept.length > 0 ? { annotations: Object.fromEntries(kept) } : {}) },
    spec: { ...resource.spec, secretRefs: [{ name: `${metadata.name}-generated` }] },
  } as KubeObject;
}

function without<T extends object>(object: T, fields: readonly string[]): T {
  return Object.fromEntries(Object.entries(object).filter(([field]) => !fields.includes(field))) as T;
}

/** Every text, keys of objects included. */
function replaced(value: unknown, replacements: Replacements): unknown {
  if (typeof value === 'string') {
    return replacements.reduce((text, [secret, placeholder]) => text.replaceAll(secret, placeholder), value);
  }
  if (Array.isArray(value)) return value.map((item) => replaced(item, replacements));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([field, inner]) => [field, replaced(inner, replacements)]));
}
