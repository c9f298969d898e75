import type { SeedSnapshot, SeedSource } from '../doctor/seed.ts';
import { settleSeeds } from '../doctor/seeds.ts';
import type { KubeClient } from '../kube/client.ts';
import { toError } from '../kube/errors.ts';
import type { Logger } from '../kube/logger.ts';
import type { Unseen } from '../providers/doctor.ts';
import type { SeedReader } from './doctor-lists.ts';
import { placeOf, readSeed } from './doctor-seed.ts';

/** A seed of the command line. */
export interface GivenSeed {
  readonly source: SeedSource;
  readonly kube: KubeClient;
}

export interface SeedsReader extends Omit<SeedReader, 'kube'> {
  readonly seeds: readonly GivenSeed[];
  readonly log: Logger;
}

interface SeedsRead {
  readonly seeds: readonly SeedSnapshot[];
  /** By the name of the seed. */
  readonly kubes: ReadonlyMap<string, KubeClient>;
  /** Those that do not answer. */
  readonly unreadSeeds: readonly string[];
  readonly unseen: readonly Unseen[];
}

/** All at once. A seed that does not answer leaves the others to be looked at. */
export async function readSeeds(reader: SeedsReader): Promise<SeedsRead> {
  const unseen: Unseen[] = [];
  const unreadSeeds: string[] = [];
  const look = async ({ source, kube }: GivenSeed) => {
    try {
      const { seed, unseen: parts } = await readSeed({ ...reader, kube }, source);
      unseen.push(...parts);
      reader.log.info({ seed: source.given ?? source.path, clusters: seed.clusters.length }, 'read a seed');
      return [{ seed, kube }];
    } catch (error) {
      reader.signal.throwIfAborted();
      unseen.push({ what: placeOf(source), reason: toError(error).message });
      unreadSeeds.push(placeOf(source));
      return [];
    }
  };
  const read = (await Promise.all(reader.seeds.map(look))).flat();
  const { seeds, unseen: complaints } = settleSeeds(read.map(({ seed }) => seed));
  const kubes = new Map(read.flatMap(({ kube }, index) => (seeds[index] ? [[seeds[index].name, kube] as const] : [])));
  return { seeds, kubes, unreadSeeds, unseen: [...unseen, ...complaints] };
}
