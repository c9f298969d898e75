import * as z from 'zod';
import type { BindingFact } from '../doctor/bindings.ts';
import { forEachBounded } from '../kube/bounded.ts';
import { listIfServed } from '../kube/list-if-served.ts';
import { type KubeObject, keyOf, type ObjectKey } from '../kube/object.ts';
import { defineResource } from '../kube/resource.ts';
import { secrets } from '../kube/secret.ts';
import type { GardenReader } from './doctor-lists.ts';

const secretsAtOnce = 8;

const secretBindings = defineResource({
  group: 'core.gardener.cloud',
  version: 'v1beta1',
  kind: 'SecretBinding',
  plural: 'secretbindings',
  namespaced: true,
});
const credentialsBindings = defineResource({
  group: 'security.gardener.cloud',
  version: 'v1alpha1',
  kind: 'CredentialsBinding',
  plural: 'credentialsbindings',
  namespaced: true,
});

const reference = z.looseObject({
  apiVersion: z.string().nullish(),
  kind: z.string().nullish(),
  name: z.string(),
  namespace: z.string().nullish(),
});
const binding = z.looseObject({
  provider: z.looseObject({ type: z.string().nullish() }).nullish(),
  secretRef: reference.nullish(),
  credentialsRef: reference.nullish(),
});

/** The bindings of the type with what is wrong with their Secrets, each of which is read once and not kept. */
export async function readBindings(reader: GardenReader): Promise<readonly BindingFact[]> {
  const [older, newer] = await Promise.all([
    listIfServed(reader.kube, secretBindings, reader.signal),
    listIfServed(reader.kube, credentialsBindings, reader.signal),
  ]);
  const bindings = [...older, ...newer].flatMap((object) => {
    const { data } = binding.safeParse(object);
    const named = data?.credentialsRef ?? data?.secretRef;
    // A SecretBinding may be of several types.
    const isOurs = data?.provider?.type?.split(',').includes(reader.type) ?? false;
    return named && isOurs ? [{ object, named }] : [];
  });
  const read = bindings.map(({ object, named }) => factOf(object, named));
  const faults = await readSecrets(
    reader,
    read.flatMap(({ secret }) => secret ?? []),
  );
  return read.map(({ secret, ...fact }) => ({
    ...fact,
    faults: secret ? faults.get(keyOf(secret)) : [`credentials of type ${reader.type} must be a Secret`],
  }));
}

function factOf({ kind = '', metadata }: KubeObject, named: z.infer<typeof reference>) {
  const key = { namespace: named.namespace ?? metadata.namespace, name: named.name };
  const isSecret = (named.kind ?? 'Secret') === 'Secret';
  return {
    ...{ kind, key: { namespace: metadata.namespace, name: metadata.name } },
    reference: `${named.kind ?? 'Secret'} ${keyOf(key)}`,
    secret: isSecret ? key : undefined,
  };
}

/** What is wrong with each, by its key; nothing for one that does not exist. */
async function readSecrets(
  { kube, doctor, signal }: GardenReader,
  keys: readonly ObjectKey[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const faults = new Map<string, readonly string[]>();
  const distinct = new Map(keys.map((key) => [keyOf(key), key]));
  await forEachBounded(distinct, secretsAtOnce, async ([id, key]) => {
    const secret = await kube.find(secrets, key, { signal });
    if (secret) faults.set(id, doctor.credentialFaults(secret.data));
  });
  return faults;
}
