import { readBody } from '../body.ts';
import type { Route } from '../context.ts';
import type { Ip } from '../model.ts';
import { allocateIp, ipAllocateSchema } from './allocate.ts';
import { findIps, ipFindSchema } from './find.ts';
import { findIp, freeIp, ipUpdateSchema, updateIp } from './update.ts';

export function ipResponse(ip: Ip): object {
  const { parentprefixes: _, ...response } = ip;
  return response;
}

export const ipRoutes: readonly Route[] = [
  {
    operation: 'listIPs',
    method: 'GET',
    path: '/v1/ip',
    role: 'view',
    status: 200,
    handle: ({ state }) => [...state.ips.all()].map(ipResponse),
  },
  {
    operation: 'findIP',
    method: 'GET',
    path: '/v1/ip/{id}',
    role: 'view',
    status: 200,
    handle: (context, { params }) => ipResponse(findIp(context, params.id ?? '')),
  },
  {
    operation: 'findIPs',
    method: 'POST',
    path: '/v1/ip/find',
    role: 'view',
    status: 200,
    handle: ({ state }, { body }) => findIps(state.ips, readBody(ipFindSchema, body)).map(ipResponse),
  },
  {
    operation: 'updateIP',
    method: 'POST',
    path: '/v1/ip',
    role: 'edit',
    status: 200,
    handle: (context, { body }) => ipResponse(updateIp(context, readBody(ipUpdateSchema, body))),
  },
  {
    operation: 'allocateIP',
    method: 'POST',
    path: '/v1/ip/allocate',
    role: 'edit',
    status: 201,
    handle: (context, { body }) => ipResponse(allocateIp(context, readBody(ipAllocateSchema, body))),
  },
  {
    operation: 'allocateSpecificIP',
    method: 'POST',
    path: '/v1/ip/allocate/{ip}',
    role: 'edit',
    status: 201,
    handle: (context, { body, params }) =>
      ipResponse(allocateIp(context, readBody(ipAllocateSchema, body), params.ip ?? '')),
  },
  {
    operation: 'freeIP',
    method: 'DELETE',
    path: '/v1/ip/free/{id}',
    role: 'edit',
    status: 200,
    handle: (context, { params }) => ipResponse(freeIp(context, params.id ?? '')),
  },
];
