import { loadAll } from 'js-yaml';
import { nearest } from '../apis/nearest.ts';
import type { KubeObject } from '../kube/object.ts';
import { yamlProblem } from '../kube/yaml-problem.ts';

/** What is given to a plan is wrong or missing: the message says which file, and what to do. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/** Kinds that a plan looks for; of other groups every kind may be there. */
const gardenKinds: readonly string[] = [
  'Shoot',
  'CloudProfile',
  'NamespacedCloudProfile',
  'Seed',
  'Project',
  'CredentialsBinding',
  'SecretBinding',
  'ControllerRegistration',
  'ControllerDeployment',
  'ControllerInstallation',
  'BackupBucket',
  'BackupEntry',
  'ExposureClass',
  'InternalSecret',
  'Quota',
  'ShootState',
];

/** The objects of a file of YAML or JSON documents, those of Lists one by one. Throws InputError that names the file. */
export function readDocuments(text: string, source: string): readonly KubeObject[] {
  let documents: readonly unknown[];
  try {
    documents = loadAll(text);
  } catch (error) {
    throw new InputError(`${source} is neither YAML nor JSON: ${yamlProblem(error)}`);
  }
  return documents.flatMap((document, index) => {
    if (document === null || document === undefined) return [];
    const where = documents.length > 1 ? `${source}, document ${index + 1}` : source;
    return objectsOf(document, where);
  });
}

function objectsOf(document: unknown, where: string): readonly KubeObject[] {
  if (typeof document !== 'object' || document === null || !('kind' in document) || !('apiVersion' in document)) {
    throw new InputError(`${where} is no Kubernetes object: it needs apiVersion and kind`);
  }
  const { apiVersion, kind } = document;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') {
    throw new InputError(`${where}: apiVersion and kind must be texts`);
  }
  if (kind.endsWith('List') && 'items' in document && Array.isArray(document.items)) {
    return document.items.flatMap((item: unknown, index) =>
      objectsOf(withKindOf(item, { apiVersion, kind }), `${where}, item ${index + 1}`),
    );
  }
  checkKind(apiVersion, kind, where);
  return [named(document, where)];
}

/** Items of a `ShootList` may leave out what the list says. */
function withKindOf(
  item: unknown,
  { apiVersion, kind }: { readonly apiVersion: string; readonly kind: string },
): unknown {
  if (kind === 'List' || typeof item !== 'object' || item === null) return item;
  return { apiVersion, kind: kind.replace(/List$/, ''), ...item };
}

function checkKind(apiVersion: string, kind: string, where: string): void {
  if (!/^(core|security)\.gardener\.cloud\//.test(apiVersion) || gardenKinds.includes(kind)) return;
  const meant = nearest(kind, gardenKinds);
  throw new InputError(`${where}: there is no kind ${kind} in ${apiVersion}${meant ? `, did you mean ${meant}?` : ''}`);
}

/** Configuration files have no metadata. */
function named(document: object, where: string): KubeObject {
  const metadata = 'metadata' in document ? document.metadata : { name: '' };
  if (typeof metadata !== 'object' || metadata === null || !('name' in metadata) || typeof metadata.name !== 'string') {
    throw new InputError(`${where} has no metadata.name`);
  }
  return { ...document, metadata: { ...metadata, name: metadata.name } };
}
