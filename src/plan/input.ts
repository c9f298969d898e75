import { shoot as shootSchema } from '../apis/core/shoot.ts';
import { nearest } from '../apis/nearest.ts';
import { type KubeObject, keyOf } from '../kube/object.ts';
import type { Secret } from '../kube/secret.ts';
import { InputError } from './documents.ts';
import type { GardenShoot } from './gardenlet/garden-shoot.ts';

/** All that a plan is made from. */
export interface PlanInput {
  readonly shoot: GardenShoot;
  /** Objects of the garden by kind. */
  readonly garden: ReadonlyMap<string, readonly KubeObject[]>;
  /** Of garden and seed; values are in `data`. */
  readonly secrets: readonly Secret[];
  /** As it stands in the file; undefined when none is given. */
  readonly configuration: object | undefined;
  /** As it stands in the file: what metal-api has. */
  readonly metalApiState: object | undefined;
  /** Everything else: what there is in the seed already. */
  readonly existing: readonly KubeObject[];
}

/**
 * Sorts documents by what they are for. `wanted` names the Shoot, `name` or `namespace/name`, and may be absent for one.
 * Throws InputError for what is missing or given twice.
 */
export function sortInput(documents: readonly KubeObject[], wanted: string | undefined): PlanInput {
  const garden = Map.groupBy(
    documents.filter(({ apiVersion }) => /^(core|security)\.gardener\.cloud\//.test(apiVersion ?? '')),
    ({ kind }) => kind ?? '',
  );
  const shoot = chosen((garden.get('Shoot') ?? []) as GardenShoot[], wanted, documents);
  checkShoot(shoot);
  const ofKind = (kind: string) => documents.filter((document) => document.kind === kind);
  const secrets = ofKind('Secret').map(encoded);
  const special = ['Secret', 'ControllerConfiguration', 'MetalApiState'];
  return {
    shoot,
    garden,
    secrets,
    configuration: atMostOne(ofKind('ControllerConfiguration')),
    metalApiState: atMostOne(ofKind('MetalApiState')),
    existing: documents.filter(
      (document) => !garden.get(document.kind ?? '')?.includes(document) && !special.includes(document.kind ?? ''),
    ),
  };
}

/** What cannot be read at all is no matter for admission. */
function checkShoot(shoot: GardenShoot): void {
  const { metadata, spec } = shoot;
  const [issue] = shootSchema.safeParse(shoot).error?.issues ?? [];
  if (issue) throw new InputError(`Shoot ${metadata.name} cannot be read: ${issue.path.join('.')}: ${issue.message}`);
  if (!metadata.namespace) {
    throw new InputError(`Shoot ${metadata.name} has no metadata.namespace: write the namespace of its Project`);
  }
  if (!spec.provider?.type) throw new InputError(`Shoot ${metadata.name} has no spec.provider.type`);
}

function chosen(
  shoots: readonly GardenShoot[],
  wanted: string | undefined,
  documents: readonly KubeObject[],
): GardenShoot {
  if (shoots.length === 0) {
    const kinds = [...new Set(documents.map(({ kind }) => kind))].join(', ');
    throw new InputError(`no Shoot is given: add its file with -f. Given: ${kinds || 'nothing'}`);
  }
  const names = shoots.map(({ metadata }) => keyOf(metadata));
  const found = shoots.filter(
    ({ metadata }) => wanted === undefined || wanted === metadata.name || wanted === keyOf(metadata),
  );
  const [first, ...others] = found;
  if (!first) {
    const meant = nearest(wanted ?? '', [...names, ...shoots.map(({ metadata }) => metadata.name)]);
    throw new InputError(
      `no Shoot ${wanted} is given${meant ? `, did you mean ${meant}?` : '.'} Given: ${names.join(', ')}`,
    );
  }
  if (others.length > 0) {
    throw new InputError(`several Shoots are given, choose one with --shoot: ${names.join(', ')}`);
  }
  return first;
}

function atMostOne(found: readonly KubeObject[]): KubeObject | undefined {
  if (found.length > 1) throw new InputError(`${found[0]?.kind} is given ${found.length} times, it may be given once`);
  return found[0];
}

/** As an API server keeps it. */
function encoded(secret: Secret & { stringData?: Record<string, string> }): Secret {
  const { stringData, ...rest } = secret;
  const added = Object.entries(stringData ?? {}).map(([key, text]) => [
    key,
    Buffer.from(String(text)).toString('base64'),
  ]);
  return { ...rest, data: { ...secret.data, ...Object.fromEntries(added) } };
}
