import type { Secret } from '../../kube/secret.ts';
import type { SecretConfig } from '../../providers/secrets.ts';
import { type Authority, assessAuthority } from './authority.ts';
import { labelOf } from './labels.ts';
import { assessLeaf, type LeafConfig } from './leaf.ts';
import { type Missing, missingSecrets } from './missing.ts';
import { initiatedAt, type RotationState } from './rotation.ts';

export interface PlanInput {
  readonly configs: readonly SecretConfig[];
  readonly identity: string;
  readonly rotation: RotationState;
  /** All of the identity. */
  readonly secrets: readonly Secret[];
  /** Names that others have. */
  readonly taken: ReadonlySet<string>;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface Plan {
  /** By name of the config. */
  readonly current: ReadonlyMap<string, Secret>;
  /** By name of the authority's config. */
  readonly bundles: ReadonlyMap<string, Secret>;
  /** What can be made now; what is signed by an authority that is missing comes after it. */
  readonly missing: readonly Missing[];
  /** Authorities that gardenlet would not take to another seed. */
  readonly unpersisted: readonly Secret[];
  /** What nothing refers to, once nothing is missing. */
  readonly obsolete: readonly Secret[];
}

/** Which Secret is what, and what is to be done about it. Pure. */
export function planSecrets(input: PlanInput): Plan {
  const { configs, identity, secrets, taken, rotation, now } = input;
  const authorities = configs
    .filter((config) => config.kind === 'ca')
    .map((config) => assessAuthority(config, secrets, rotation, now));
  const leaves = configs
    .filter((config) => config.kind !== 'ca')
    .map((config) => assessLeaf(config, authorityOf(config, authorities), secrets, now));
  const trusted = authorities.flatMap(({ current, old }) => [current, old]).flatMap((held) => held?.secret ?? []);
  const wanted = new Set([
    ...trusted,
    ...authorities.map(({ bundle }) => bundle),
    ...leaves.map(({ current }) => current?.secret),
  ]);
  const names = new Set([...taken, ...secrets.map(({ metadata }) => metadata.name)]);
  return {
    current: new Map([...authorities, ...leaves].flatMap(({ config, current }) => entry(config, current?.secret))),
    bundles: new Map(authorities.flatMap(({ config, bundle }) => entry(config, bundle))),
    missing: missingSecrets({ authorities, leaves, identity, rotation: initiatedAt(rotation), names }),
    unpersisted: trusted.filter((secret) => labelOf(secret, 'persist') !== 'true'),
    obsolete: secrets.filter((secret) => !wanted.has(secret) && !secret.metadata.deletionTimestamp),
  };
}

function authorityOf({ name, signedBy }: LeafConfig, authorities: readonly Authority[]): Authority {
  const authority = authorities.find(({ config }) => config.name === signedBy);
  if (!authority) throw new Error(`${name} is to be signed by ${signedBy}, which is no CA of these configs`);
  return authority;
}

const entry = ({ name }: SecretConfig, secret: Secret | undefined): readonly (readonly [string, Secret])[] =>
  secret ? [[name, secret]] : [];
