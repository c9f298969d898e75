import type { Secret } from '../../kube/secret.ts';
import type { KeyPair } from '../../pki/issue.ts';
import { type SecretConfig, secretChecksum } from '../../providers/secrets.ts';
import { type Authority, assessAuthority } from './authority.ts';
import type { Held } from './held.ts';
import { labelKeys, labelOf, managerLabels } from './labels.ts';
import { assessLeaf, type Leaf, type LeafConfig } from './leaf.ts';
import { configChecksum, type NameParts, secretName } from './names.ts';
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

/** A Secret that is to be made. */
export interface Missing {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly content:
    | { readonly kind: 'ca' }
    | { readonly kind: 'bundle'; readonly certificates: string }
    | {
        readonly kind: 'leaf';
        readonly config: LeafConfig;
        readonly signer: KeyPair;
        readonly published: string | undefined;
      };
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
  const { configs, secrets, rotation, now } = input;
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
  return {
    current: new Map([...authorities, ...leaves].flatMap(({ config, current }) => entry(config, current?.secret))),
    bundles: new Map(authorities.flatMap(({ config, bundle }) => entry(config, bundle))),
    missing: missing(authorities, leaves, input),
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

function missing(authorities: readonly Authority[], leaves: readonly Leaf[], input: PlanInput): readonly Missing[] {
  const { identity, rotation, secrets, taken } = input;
  const names = new Set([...taken, ...secrets.map(({ metadata }) => metadata.name)]);
  const make = (parts: NameParts, content: Missing['content'], labels: Missing['labels'] = {}): Missing => ({
    name: secretName(parts, names),
    labels: { ...labelsOf(parts), ...managerLabels(identity), ...labels },
    content,
  });
  const ca = ({ config }: Authority) =>
    make(
      { config: config.name, configChecksum: configChecksum(config), rotation: initiatedAt(rotation) },
      { kind: 'ca' },
      { [labelKeys.persist]: 'true' },
    );
  const bundle = ({ config, trusted }: Authority) =>
    make(
      { config: `${config.name}-bundle`, configChecksum: configChecksum(trusted) },
      { kind: 'bundle', certificates: trusted },
      { [labelKeys.bundleFor]: config.name },
    );
  const leaf = ({ config, published }: Leaf, signer: Held) =>
    make(
      {
        config: config.name,
        configChecksum: configChecksum(config, published),
        signerChecksum: secretChecksum(signer.secret.data ?? {}),
      },
      { kind: 'leaf', config, signer, published },
    );
  return [
    ...authorities.filter(({ current }) => !current).map(ca),
    ...authorities.filter(({ current, bundle }) => current && !bundle).map(bundle),
    ...leaves.flatMap((each) => (each.signer && !each.current ? [leaf(each, each.signer)] : [])),
  ];
}

/** A label's value has 63 characters at most. */
function labelsOf({ config, configChecksum, signerChecksum, rotation = '' }: NameParts): Missing['labels'] {
  return {
    [labelKeys.name]: config,
    [labelKeys.configChecksum]: configChecksum,
    [labelKeys.rotation]: rotation,
    ...(signerChecksum && { [labelKeys.signerChecksum]: signerChecksum.slice(0, 63) }),
  };
}
