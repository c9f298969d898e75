import { readBody } from '../body.ts';
import type { ApiRequest, Context, Route } from '../context.ts';
import type { Image } from '../fixture-schema.ts';
import { imageFindSchema, imageMatches, latestImage, queryImages } from './image.ts';

/** `?show-usage=true` adds the machines that run the image. */
function respond({ state }: Context, { query }: ApiRequest, image: Image): object {
  if (query.get('show-usage') !== 'true') return { ...image };
  const machines = [...state.machines.values()].filter((machine) => machine.allocation?.image.id === image.id);
  return { ...image, usedby: machines.map(({ id }) => id) };
}

const find: Route['handle'] = (context, request) =>
  respond(context, request, latestImage(context.state.images.values(), request.params.id ?? ''));

export const imageRoutes: readonly Route[] = [
  {
    operation: 'listImages',
    method: 'GET',
    path: '/v1/image',
    role: 'any',
    status: 200,
    handle: (context, request) => [...context.state.images.values()].map((image) => respond(context, request, image)),
  },
  { operation: 'findImage', method: 'GET', path: '/v1/image/{id}', role: 'any', status: 200, handle: find },
  {
    operation: 'findLatestImage',
    method: 'GET',
    path: '/v1/image/{id}/latest',
    role: 'any',
    status: 200,
    handle: find,
  },
  {
    operation: 'queryImages by id',
    method: 'GET',
    path: '/v1/image/{id}/query',
    role: 'any',
    status: 200,
    handle: (context, request) =>
      queryImages(context.state.images.values(), request.params.id ?? '').map((image) =>
        respond(context, request, image),
      ),
  },
  {
    operation: 'findImages',
    method: 'POST',
    path: '/v1/image/find',
    role: 'view',
    status: 200,
    handle: (context, request) => {
      const wanted = readBody(imageFindSchema, request.body);
      const found = [...context.state.images.values()].filter((image) => imageMatches(image, wanted));
      return found.map((image) => respond(context, request, image));
    },
  },
];
