import * as z from 'zod';
import { shoot } from '../apis/core/shoot.ts';

const text = z.string().nullish();

/** What is looked at of a Shoot in its garden. */
export const gardenShoot = z.looseObject({
  metadata: shoot.shape.metadata,
  spec: shoot.shape.spec.extend({
    /** Where it shall be; in a migration that is not yet where it is. */
    seedName: text,
    secretBindingName: text,
    credentialsBindingName: text,
    kubernetes: z.looseObject({ version: text }).nullish(),
  }),
  status: z.looseObject({ technicalID: text, seedName: text }).nullish(),
});

export type GardenShoot = z.infer<typeof gardenShoot>;

/** A garden of `--garden-kubeconfig`. `shoots` are undefined when they could not be read. */
export interface SeenGarden {
  readonly name: string;
  readonly shoots: readonly GardenShoot[] | undefined;
}

export const seedsOf = ({ spec, status }: GardenShoot): readonly string[] =>
  [...new Set([spec.seedName, status?.seedName])].filter((name) => typeof name === 'string' && name !== '') as string[];

/** What reports call it: the control-plane namespace, which a Shoot that was never scheduled does not have. */
export const clusterOf = ({ metadata, status }: GardenShoot): string =>
  status?.technicalID ?? `${metadata.namespace}/${metadata.name}`;
