import * as z from 'zod';
import type { Clock } from '../../../kube/clock.ts';
import { type MetalApiCredentials, secureRandomInt } from '../metal-api/auth.ts';
import { createRoutes } from '../metal-api/routes.ts';
import { type Call, send } from '../metal-api/transport.ts';
import { listOf } from '../metal-api/types.ts';

/** What a metal-api has for machines and firewalls, by id. */
export interface Catalogue {
  readonly images: readonly string[];
  readonly sizes: readonly string[];
}

export interface CatalogueReader {
  /** Throws MetalApiError. Any account of the metal-api may ask. */
  read(endpoint: string, credentials: MetalApiCredentials, signal: AbortSignal): Promise<Catalogue>;
  close(): Promise<void>;
}

const named = listOf(z.object({ id: z.string() }));

const get = (name: string, path: string): Call<typeof named> => ({
  ...{ name, method: 'GET', path, answer: named, repeatable: true },
});

/** Only the doctor asks for the whole of it: what controllers name, metal-api looks up itself. */
export function createCatalogueReader({ clock, userAgent }: { clock: Clock; userAgent: string }): CatalogueReader {
  const routes = createRoutes(2, process.env);
  return {
    async read(endpoint, credentials, signal) {
      const random = secureRandomInt;
      const transport = { endpoint, credentials, routes, clock, random, userAgent, timeoutMs: 10_000 };
      const [images, sizes] = await Promise.all([
        send(transport, get('listImages', '/v1/image'), signal),
        send(transport, get('listSizes', '/v1/size'), signal),
      ]);
      return { images: images.map(({ id }) => id), sizes: sizes.map(({ id }) => id) };
    },
    close: () => routes.close(),
  };
}

/** Whether an id means one of the images: all of it, or without its last numbers (metal-components G.5). */
export const hasImage = ({ images }: Catalogue, wanted: string): boolean =>
  images.some((id) => id === wanted || id.startsWith(`${wanted}.`));
