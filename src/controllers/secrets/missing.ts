import type { KeyPair } from '../../pki/issue.ts';
import { secretChecksum } from '../../providers/secrets.ts';
import type { Authority } from './authority.ts';
import type { Held } from './held.ts';
import { labelKeys, managerLabels } from './labels.ts';
import type { Leaf, LeafConfig } from './leaf.ts';
import { configChecksum, type NameParts, secretName } from './names.ts';

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

export interface MissingInput {
  readonly authorities: readonly Authority[];
  readonly leaves: readonly Leaf[];
  readonly identity: string;
  /** Time of the last rotation in seconds since the epoch; empty when there was none. */
  readonly rotation: string;
  /** That are taken. */
  readonly names: ReadonlySet<string>;
}

/** What can be made now; what is signed by an authority that is missing comes after it. */
export function missingSecrets({ authorities, leaves, identity, rotation, names }: MissingInput): readonly Missing[] {
  const make = (parts: NameParts, content: Missing['content'], labels: Missing['labels'] = {}): Missing => ({
    name: secretName(parts, names),
    labels: { ...labelsOf(parts), ...managerLabels(identity), ...labels },
    content,
  });
  const ca = ({ config }: Authority) =>
    make(
      { config: config.name, configChecksum: configChecksum(config), rotation },
      { kind: 'ca' },
      { [labelKeys.persist]: 'true' },
    );
  const bundle = ({ config, trusted }: Authority) =>
    make(
      { config: `${config.name}-bundle`, configChecksum: configChecksum(trusted) },
      { kind: 'bundle', certificates: trusted },
      { [labelKeys.bundleFor]: config.name },
    );
  const leaf = ({ config, checksum, published }: Leaf, signer: Held) =>
    make(
      {
        config: config.name,
        configChecksum: checksum,
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
