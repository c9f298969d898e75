import type { KubeClient } from '../../kube/client.ts';
import { isAlreadyExists } from '../../kube/errors.ts';
import { type Secret, secrets } from '../../kube/secret.ts';
import type { KeyPair } from '../../pki/issue.ts';
import type { CertificateNames } from './names.ts';

/** What is kept of a certificate. */
export interface CertificateRecord extends KeyPair {
  readonly name: string;
  readonly role: 'ca' | 'server';
  /** Milliseconds since the epoch, whole seconds. */
  readonly issuedAt: number | undefined;
  readonly validUntil?: number | undefined;
}

/** Where certificates are that all replicas share. Records are never changed, only added and removed. */
export interface CertificateStore {
  list(signal: AbortSignal): Promise<readonly CertificateRecord[]>;
  /** Resolves also when one of that name exists: the first one wins. */
  add(record: CertificateRecord, signal: AbortSignal): Promise<void>;
  remove(name: string, signal: AbortSignal): Promise<void>;
}

type SecretClient = Pick<KubeClient, 'list' | 'create' | 'delete'>;

/** Immutable Secrets of one namespace, with the labels of Gardener's secrets manager. */
export function createSecretStore(client: SecretClient, namespace: string, names: CertificateNames): CertificateStore {
  const labelSelector = `managed-by=${manager},manager-identity=${names.identity}`;
  return {
    async list(signal) {
      const { items } = await client.list(secrets, { namespace, labelSelector, signal });
      return items.map((secret) => readSecret(secret, names)).filter((record) => record !== undefined);
    },
    async add(record, signal) {
      try {
        await client.create(secrets, secretOf(record, namespace, names), { signal });
      } catch (error) {
        if (!isAlreadyExists(error)) throw error;
      }
    },
    remove: (name, signal) => client.delete(secrets, { namespace, name }, { signal }),
  };
}

/** For a process that runs alone, outside of a cluster. */
export function createMemoryStore(): CertificateStore {
  const records = new Map<string, CertificateRecord>();
  return {
    list: () => Promise.resolve([...records.values()]),
    add(record) {
      if (!records.has(record.name)) records.set(record.name, record);
      return Promise.resolve();
    },
    remove(name) {
      records.delete(name);
      return Promise.resolve();
    },
  };
}

const manager = 'secrets-manager';
const fileNames = { ca: { cert: 'ca.crt', key: 'ca.key' }, server: { cert: 'tls.crt', key: 'tls.key' } } as const;

function secretOf(record: CertificateRecord, namespace: string, names: CertificateNames): Secret {
  const { name, role, issuedAt, validUntil } = record;
  const files = fileNames[role];
  return {
    metadata: {
      name,
      namespace,
      labels: {
        name: names[role],
        'managed-by': manager,
        'manager-identity': names.identity,
        ...(issuedAt && { 'issued-at-time': String(issuedAt / 1000) }),
        ...(validUntil && { 'valid-until-time': String(validUntil / 1000) }),
        ...(role === 'ca' && { persist: 'true' }),
      },
    },
    type: 'Opaque',
    immutable: true,
    data: { [files.cert]: toBase64(record.cert), [files.key]: toBase64(record.key) },
  };
}

/** Undefined for what is neither authority nor server certificate, e.g. a bundle. */
function readSecret({ metadata, data = {} }: Secret, names: CertificateNames): CertificateRecord | undefined {
  const { name: config, 'issued-at-time': issued } = metadata.labels ?? {};
  const role = config === names.ca ? 'ca' : config === names.server ? 'server' : undefined;
  if (!role || metadata.deletionTimestamp) return undefined;
  const files = fileNames[role];
  const seconds = Number(issued);
  return {
    name: metadata.name,
    role,
    cert: fromBase64(data[files.cert]),
    key: fromBase64(data[files.key]),
    issuedAt: issued && Number.isFinite(seconds) ? seconds * 1000 : undefined,
  };
}

const toBase64 = (text: string): string => Buffer.from(text).toString('base64');
const fromBase64 = (text = ''): string => Buffer.from(text, 'base64').toString();
