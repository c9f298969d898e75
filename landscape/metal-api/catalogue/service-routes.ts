import { z } from 'zod';
import { readBody } from '../body.ts';
import type { Route } from '../context.ts';
import { noSuch } from '../errors.ts';
import { groupsOf } from '../http/auth.ts';
import { randomHex } from '../random.ts';

const healthy = { status: 'healthy', message: '' };
const SERVICES = ['ipam', 'masterdata', 'nsq', 'rethinkdb'];
const VPN_ADDRESS = 'https://headscale.example.org';

/** What metal-api tells about itself and about the caller. */
export const serviceRoutes: readonly Route[] = [
  {
    operation: 'health',
    method: 'GET',
    path: '/v1/health',
    role: 'open',
    status: 200,
    handle: (_, { query }) => {
      const service = query.get('service');
      const names = service ? SERVICES.filter((name) => name === service) : SERVICES;
      return { ...healthy, services: Object.fromEntries(names.map((name) => [name, healthy])) };
    },
  },
  {
    operation: 'info',
    method: 'GET',
    path: '/v1/version',
    role: 'open',
    status: 200,
    handle: () => ({
      name: 'metal-api',
      version: 'v0.43.1',
      builddate: '2026-01-01T00:00:00+00:00',
      revision: 'simulator',
      gitsha1: '0000000',
      min_client_version: '',
      release_version: '',
    }),
  },
  {
    operation: 'getMe',
    method: 'GET',
    path: '/v1/user/me',
    role: 'view',
    status: 200,
    handle: (_, { user }) => ({
      EMail: user?.email ?? '',
      Name: user?.name ?? '',
      Groups: user ? groupsOf(user.role) : [],
      Tenant: user?.tenant ?? '',
      Issuer: user?.issuer ?? '',
      Subject: user?.subject ?? '',
    }),
  },
  {
    operation: 'getVPNAuthKey',
    method: 'POST',
    path: '/v1/vpn/authkey',
    role: 'admin',
    status: 200,
    handle: ({ state, random }, { body }) => {
      const { pid } = readBody(z.object({ pid: z.string().default('') }), body);
      if (!state.projects.has(pid)) throw noSuch('project', pid);
      return { address: VPN_ADDRESS, auth_key: randomHex(random, 48) };
    },
  },
];
