import { z } from 'zod';
import { readBody } from '../body.ts';
import type { Route } from '../context.ts';
import { networkSeedSchema } from '../fixture-schema.ts';
import { allocateNetwork, networkAllocateSchema } from './allocate.ts';
import { createNetwork } from './create.ts';
import { networkFindSchema, networkMatches } from './find.ts';
import { deleteNetwork, findNetwork, freeNetwork } from './free.ts';
import { networkResponse } from './response.ts';
import { networkUpdateSchema, updateNetwork } from './update.ts';

const idOf = (params: Readonly<Record<string, string>>): string => params.id ?? '';
const networkCreateSchema = networkSeedSchema.extend({
  id: z.string().default(''),
  prefixes: z.array(z.string()).default([]),
});

const free: Route['handle'] = (context, { params }) =>
  networkResponse(context.state, freeNetwork(context, idOf(params)), true);

export const networkRoutes: readonly Route[] = [
  {
    operation: 'listNetworks',
    method: 'GET',
    path: '/v1/network',
    role: 'view',
    status: 200,
    handle: ({ state }) => [...state.networks.values()].map((network) => networkResponse(state, network)),
  },
  {
    operation: 'findNetwork',
    method: 'GET',
    path: '/v1/network/{id}',
    role: 'view',
    status: 200,
    handle: (context, { params }) => networkResponse(context.state, findNetwork(context, idOf(params))),
  },
  {
    operation: 'findNetworks',
    method: 'POST',
    path: '/v1/network/find',
    role: 'view',
    status: 200,
    handle: ({ state }, { body }) => {
      const find = readBody(networkFindSchema, body);
      const found = [...state.networks.values()].filter((network) => networkMatches(network, find));
      return found.map((network) => networkResponse(state, network));
    },
  },
  {
    operation: 'createNetwork',
    method: 'PUT',
    path: '/v1/network',
    role: 'admin',
    status: 201,
    handle: (context, { body }) =>
      networkResponse(context.state, createNetwork(context, readBody(networkCreateSchema, body))),
  },
  {
    operation: 'updateNetwork',
    method: 'POST',
    path: '/v1/network',
    role: 'admin',
    status: 200,
    handle: (context, { body }) =>
      networkResponse(context.state, updateNetwork(context, readBody(networkUpdateSchema, body))),
  },
  {
    operation: 'allocateNetwork',
    method: 'POST',
    path: '/v1/network/allocate',
    role: 'edit',
    status: 201,
    handle: (context, { body }) =>
      networkResponse(context.state, allocateNetwork(context, readBody(networkAllocateSchema, body))),
  },
  {
    operation: 'freeNetwork',
    method: 'DELETE',
    path: '/v1/network/free/{id}',
    role: 'edit',
    status: 200,
    handle: free,
  },
  {
    operation: 'freeNetworkDeprecated',
    method: 'POST',
    path: '/v1/network/free/{id}',
    role: 'edit',
    status: 200,
    handle: free,
  },
  {
    operation: 'deleteNetwork',
    method: 'DELETE',
    path: '/v1/network/{id}',
    role: 'admin',
    status: 200,
    handle: (context, { params }) => networkResponse(context.state, deleteNetwork(context, idOf(params)), true),
  },
];
