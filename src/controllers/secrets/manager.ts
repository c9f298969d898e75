import { all } from '../../kube/all.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../kube/clock.ts';
import { isAlreadyExists, isConflict } from '../../kube/errors.ts';
import type { Logger } from '../../kube/logger.ts';
import { type Secret, secrets } from '../../kube/secret.ts';
import { type ManagedSecret, type SecretConfig, secretChecksum } from '../../providers/secrets.ts';
import { labelKeys, selectorOf } from './labels.ts';
import { makeSecret } from './make.ts';
import type { Missing } from './missing.ts';
import { type Plan, planSecrets } from './plan.ts';
import type { RotationState } from './rotation.ts';

/** Whose Secrets, and where. */
export interface SecretsOwner {
  readonly client: Pick<KubeClient, 'list' | 'create' | 'mergePatch' | 'delete'>;
  readonly namespace: string;
  /** Value of the label `manager-identity`, e.g. `provider-metal-controlplane`. Secrets of others are not touched. */
  readonly identity: string;
  readonly signal: AbortSignal;
  readonly log: Logger;
}

export interface SecretsOptions extends SecretsOwner {
  readonly configs: readonly SecretConfig[];
  readonly rotation: RotationState;
  readonly clock: Clock;
}

export interface SecretsResult {
  /** By name of the config; of a CA its current key pair. */
  readonly current: ReadonlyMap<string, ManagedSecret>;
  /** By name of the CA's config: `bundle.crt`, all that are trusted. */
  readonly bundles: ReadonlyMap<string, ManagedSecret>;
  /**
   * Deletes what nothing refers to any more, once everything that uses the Secrets has been told of the new ones. Not
   * for a migration.
   */
  readonly cleanup: () => Promise<void>;
}

/** Authorities, then what they sign, then one more for each time that another process was faster. */
const maxRounds = 8;

/**
 * Makes the Secrets that are missing and returns all (gardener-contract 3.5). One list, and no write when nothing is
 * missing. Whoever is faster wins: a Secret that another process has just made is used, and the own one is thrown away.
 */
export async function ensureSecrets(options: SecretsOptions): Promise<SecretsResult> {
  const { configs, identity, rotation, clock, namespace } = options;
  const taken = new Set<string>();
  let known = await listSecrets(options);
  for (let round = 0; round < maxRounds; round++) {
    const plan = planSecrets({ configs, identity, rotation, secrets: known, taken, now: clock.now() });
    if (plan.missing.length === 0) return await finish(plan, options);
    const made = await all(plan.missing.map((missing) => create(missing, options)));
    const lost = plan.missing.filter((_, index) => !made[index]);
    for (const { name } of lost) taken.add(name);
    known = lost.length > 0 ? await listSecrets(options) : [...known, ...made.filter((secret) => secret !== undefined)];
  }
  throw new Error(
    `Secrets of ${identity} in ${namespace} are changed by another process again and again; does another extension for this provider type run in the seed?`,
  );
}

/** Deletes all Secrets of the identity. Not for a migration: the other seed goes on with the same authorities. */
export async function deleteSecrets(owner: SecretsOwner): Promise<void> {
  await remove(await listSecrets(owner), owner);
}

async function finish(plan: Plan, options: SecretsOptions): Promise<SecretsResult> {
  await all(plan.unpersisted.map((secret) => persist(secret, options)));
  return {
    current: managed(plan.current),
    bundles: managed(plan.bundles),
    cleanup: () => remove(plan.obsolete, options),
  };
}

async function listSecrets({ client, namespace, identity, signal }: SecretsOwner): Promise<readonly Secret[]> {
  const { items } = await client.list(secrets, { namespace, labelSelector: selectorOf(identity), signal });
  return items;
}

/** Undefined when one of that name exists. */
async function create(missing: Missing, options: SecretsOptions): Promise<Secret | undefined> {
  const { client, namespace, clock, signal, log } = options;
  const secret = await makeSecret(missing, namespace, clock.now());
  try {
    const made = await client.create(secrets, secret, { signal });
    log.info({ namespace, name: missing.name }, 'Made a secret');
    return made;
  } catch (error) {
    if (isAlreadyExists(error)) return undefined;
    throw error;
  }
}

async function persist({ metadata: { name } }: Secret, { client, namespace, signal }: SecretsOwner): Promise<void> {
  const metadata = { labels: { [labelKeys.persist]: 'true' } };
  await client.mergePatch(secrets, { namespace, name }, { metadata }, { signal });
}

/** Only as they were seen: one that another has put in the same place stays. */
async function remove(obsolete: readonly Secret[], { client, namespace, signal, log }: SecretsOwner): Promise<void> {
  await all(
    obsolete.map(async ({ metadata: { name, uid } }) => {
      try {
        await client.delete(secrets, { namespace, name }, { preconditions: { uid }, signal });
        log.info({ namespace, name }, 'Deleted a secret that nothing refers to');
      } catch (error) {
        if (!isConflict(error)) throw error;
      }
    }),
  );
}

function managed(found: ReadonlyMap<string, Secret>): ReadonlyMap<string, ManagedSecret> {
  return new Map(
    [...found].map(([config, { metadata, data = {} }]) => [
      config,
      { name: metadata.name, data, checksum: secretChecksum(data) },
    ]),
  );
}
