import * as z from 'zod';
import { objectMeta } from '../apis/meta.ts';

const text = z.string().nullish();

const worker = z.object({
  name: text,
  machine: z.object({ image: z.object({ name: text, version: text }).nullish() }).nullish(),
});

/** What is looked at of a Shoot in its garden, whatever its type. */
export const gardenShoot = z.object({
  metadata: objectMeta,
  spec: z.object({
    provider: z.object({ type: text, workers: z.array(worker).nullish() }).nullish(),
    cloudProfile: z.object({ kind: text, name: text }).nullish(),
    /** The former spelling of a reference to a CloudProfile. */
    cloudProfileName: text,
    kubernetes: z.object({ version: text }).nullish(),
    /** Where it shall be; in a migration that is not yet where it is. */
    seedName: text,
    secretBindingName: text,
    credentialsBindingName: text,
  }),
  status: z.object({ technicalID: text, seedName: text }).nullish(),
});

export type GardenShoot = z.infer<typeof gardenShoot>;

/** A garden of `--garden-kubeconfig`. `shoots` are undefined when they could not be read. */
export interface SeenGarden {
  readonly name: string;
  readonly shoots: readonly GardenShoot[] | undefined;
}

export const seedsOf = ({ spec, status }: GardenShoot): readonly string[] =>
  [...new Set([spec.seedName, status?.seedName])].flatMap((name) => name || []);

/** What reports call it: the control-plane namespace, which a Shoot that was never scheduled does not have. */
export const clusterOf = ({ metadata, status }: GardenShoot): string =>
  status?.technicalID || `${metadata.namespace}/${metadata.name}`;
