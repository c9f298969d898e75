import type { SeedSnapshot, SeedSource } from '../doctor/seed.ts';
import { settleSeeds } from '../doctor/seeds.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Logger } from '../kube/logger.ts';
import type { Unseen } from '../providers/doctor.ts';
import { tryTo } from '../providers/try-to.ts';
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
    const place = placeOf(source);
    const found = await tryTo({ unseen, signal: reader.signal }, place, () => readSeed({ ...reader, kube }, source));
    if (!found) {
      unreadSeeds.push(place);
      return [];
    }
    const { seed, unseen: parts } = found;
    unseen.push(...parts);
    reader.log.info({ seed: source.given ?? source.path, clusters: seed.clusters.length }, 'read a seed');
    return [{ seed, kube }];
  };
  const read = (await Promise.all(reader.seeds.map(look))).flat();
  const { seeds, unseen: complaints } = settleSeeds(read.map(({ seed }) => seed));
  const kubes = new Map(read.flatMap(({ kube }, index) => (seeds[index] ? [[seeds[index].name, kube] as const] : [])));
  return { seeds, kubes, unreadSeeds, unseen: [...unseen, ...complaints] };
}
