import { isDeepStrictEqual } from 'node:util';
import type * as z from 'zod';
import type { Cluster } from '../../../apis/extensions/cluster.ts';
import type { ExtensionObject } from '../../../apis/extensions/extension.ts';
import { strictControlPlaneConfig } from '../../../apis/metal/control-plane-config.ts';
import { infrastructureConfig, strictInfrastructureConfig } from '../../../apis/metal/infrastructure-config.ts';
import type { AdmissionRules, FieldError } from '../../admission.ts';
import { isSameConfig } from '../config-type.ts';
import { familiesOf } from '../infrastructure/desired.ts';
import { controlPlaneErrors } from './control-plane-rules.ts';
import { invalid, required } from './field-errors.ts';
import { infrastructureErrors } from './infrastructure-rules.ts';
import { offerErrors } from './offer-rules.ts';
import { poolErrors } from './pool-rules.ts';
import { planeOf, readProfile } from './profile.ts';
import { readProviderConfig, readStrictly } from './provider-config.ts';
import { broughtByUpdate } from './ratchet.ts';

type Subject = Parameters<AdmissionRules['validateExtension']>[0];
type Rules = (object: ExtensionObject, cluster: Cluster | undefined) => readonly FieldError[];

const root = 'spec.providerConfig';

const rulesOf: Readonly<Record<string, Rules>> = {
  Infrastructure: infrastructureObjectErrors,
  ControlPlane: controlPlaneObjectErrors,
  Worker: (object, cluster) => poolErrors(object, cluster?.spec.shoot),
};

/**
 * Infrastructure, ControlPlane and Worker in the seed. gardenlet copies the configurations from the Shoot, which the garden
 * has admitted, maybe under older rules: what equals the Shoot's passes in any case. What somebody else wrote is judged like
 * the Shoot, and on an update only for what it changes.
 */
export function validateExtension({ object, old, kind, cluster }: Subject): { errors: FieldError[]; warnings: [] } {
  const rules = Object.hasOwn(rulesOf, kind) ? rulesOf[kind] : undefined;
  const isOurs = object.spec?.type === 'metal' && !object.metadata.deletionTimestamp;
  if (!rules || !isOurs || (old && isDeepStrictEqual(object.spec, old.spec))) return { errors: [], warnings: [] };
  const found = rules(object, cluster);
  const brought = old && found.length > 0 ? broughtByUpdate(found, rules(old, cluster)) : found;
  return { errors: [...brought, ...(old ? immutabilityErrors(object, old, kind, cluster) : [])], warnings: [] };
}

function infrastructureObjectErrors({ spec }: ExtensionObject, cluster: Cluster | undefined): readonly FieldError[] {
  const shoot = cluster?.spec.shoot;
  if (shoot && isSameConfig(spec.providerConfig, shoot.spec.provider?.infrastructureConfig)) return [];
  if (spec.providerConfig == null) return [required(root, 'an InfrastructureConfig must be given')];
  const { config, errors } = readProviderConfig(
    strictInfrastructureConfig,
    'InfrastructureConfig',
    spec.providerConfig,
    root,
  );
  if (!config) return errors;
  const profile = readProfile(cluster?.spec.cloudProfile);
  return [
    ...errors,
    ...infrastructureErrors(config, shoot ? familiesOf(shoot) : ['IPv4', 'IPv6'], root),
    ...(profile ? offerErrors(config, shoot?.spec.region, profile, root) : []),
  ];
}

function controlPlaneObjectErrors({ spec }: ExtensionObject, cluster: Cluster | undefined): readonly FieldError[] {
  const provider = cluster?.spec.shoot.spec.provider;
  if (spec.providerConfig == null || isSameConfig(spec.providerConfig, provider?.controlPlaneConfig)) return [];
  const { config, errors } = readProviderConfig(
    strictControlPlaneConfig,
    'ControlPlaneConfig',
    spec.providerConfig,
    root,
  );
  if (!config) return errors;
  const partition = loose(infrastructureConfig, provider?.infrastructureConfig)?.partitionID;
  const served = planeOf(readProfile(cluster?.spec.cloudProfile), partition);
  return [...errors, ...controlPlaneErrors(config, served, root)];
}

const immutable = 'field is immutable';

function immutabilityErrors(
  object: ExtensionObject,
  old: ExtensionObject,
  kind: string,
  cluster: Cluster | undefined,
): FieldError[] {
  const shoot = cluster?.spec.shoot.spec;
  const isCopy =
    kind !== 'Infrastructure' || isSameConfig(object.spec.providerConfig, shoot?.provider?.infrastructureConfig);
  return [...regionErrors(object, old, shoot?.region), ...(isCopy ? [] : placeErrors(object, old))];
}

function regionErrors(object: ExtensionObject, old: ExtensionObject, ofShoot: string | undefined): FieldError[] {
  const regionOf = ({ spec }: ExtensionObject) => (spec as { readonly region?: string }).region;
  const region = regionOf(object);
  if (!regionOf(old) || region === regionOf(old) || region === ofShoot) return [];
  return [invalid('spec.region', region, immutable)];
}

/** Networks, addresses and machines stay where they are: metal-api has them for one project in one partition. */
function placeErrors(object: ExtensionObject, old: ExtensionObject): FieldError[] {
  const now = loose(infrastructureConfig, object.spec.providerConfig);
  const before = loose(infrastructureConfig, old.spec.providerConfig);
  if (!now || !before) return [];
  return (['partitionID', 'projectID'] as const).flatMap((name) =>
    before[name] && now[name] !== before[name] ? [invalid(`${root}.${name}`, now[name], immutable)] : [],
  );
}

function loose<T extends z.ZodType>(schema: T, value: unknown): z.output<T> | undefined {
  return value == null ? undefined : readStrictly(schema, value, root).config;
}
