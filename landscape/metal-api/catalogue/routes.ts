import { z } from 'zod';
import { readBody } from '../body.ts';
import type { Context, Route } from '../context.ts';
import { badRequest, noSuch } from '../errors.ts';
import type { FilesystemLayout, Partition, Project, Size } from '../fixture-schema.ts';
import { capacity, capacitySchema } from './capacity.ts';

export function projectResponse(project: Project): object {
  const { id, name, description, tenant_id, quotas } = project;
  const meta = { id, kind: 'Project', apiversion: 'v1', version: 0, annotations: {}, labels: [] };
  return { meta, name, description, tenant_id, quotas };
}

export function partitionResponse(partition: Partition): object {
  return { ...partition, bootconfig: { imageurl: '', kernelurl: '', commandline: '' }, mgmtserviceaddress: '' };
}

export const sizeResponse = (size: Size): object => ({ ...size });

export function filesystemLayoutResponse({ sizes, images, ...layout }: FilesystemLayout): object {
  return {
    ...layout,
    constraints: { sizes, images },
    disks: [],
    filesystems: [],
    raid: [],
    volumegroups: [],
    logicalvolumes: [],
  };
}

interface Catalogue<T> {
  readonly path: string;
  readonly kind: string;
  readonly role: Route['role'];
  readonly operations: readonly [list: string, find: string];
  readonly items: (context: Context) => ReadonlyMap<string, T>;
  readonly response: (item: T) => object;
}

/** The two reads that every catalogue has: all, and one by id. */
function reads<T>(catalogue: Catalogue<T>): Route[] {
  const { path, kind, role, operations, items, response } = catalogue;
  return [
    {
      operation: operations[0],
      method: 'GET',
      path,
      role,
      status: 200,
      handle: (context) => [...items(context).values()].map(response),
    },
    {
      operation: operations[1],
      method: 'GET',
      path: `${path}/{id}`,
      role,
      status: 200,
      handle: (context, { params }) => {
        const id = params.id ?? '';
        const item = items(context).get(id);
        if (!item) throw noSuch(kind, id);
        return response(item);
      },
    },
  ];
}

const projectFindSchema = z.object({
  id: z.string().optional(),
  name: z.string().optional(),
  description: z.string().optional(),
  tenant_id: z.string().optional(),
});

const PROJECT_TEXTS = ['id', 'name', 'description', 'tenant_id'] as const;

export const catalogueRoutes: readonly Route[] = [
  ...reads({
    path: '/v1/project',
    kind: 'project',
    role: 'view',
    operations: ['listProjects', 'findProject'],
    items: ({ state }) => state.projects,
    response: projectResponse,
  }),
  {
    operation: 'findProjects',
    method: 'POST',
    path: '/v1/project/find',
    role: 'view',
    status: 200,
    handle: ({ state }, { body }) => {
      const find = readBody(projectFindSchema, body);
      const fits = (project: Project): boolean =>
        PROJECT_TEXTS.every((key) => !find[key] || project[key] === find[key]);
      return [...state.projects.values()].filter(fits).map(projectResponse);
    },
  },
  ...reads({
    path: '/v1/partition',
    kind: 'partition',
    role: 'any',
    operations: ['listPartitions', 'findPartition'],
    items: ({ state }) => state.partitions,
    response: partitionResponse,
  }),
  {
    operation: 'partitionCapacity',
    method: 'POST',
    path: '/v1/partition/capacity',
    role: 'any',
    status: 200,
    handle: (context, { body }) => capacity(context, readBody(capacitySchema, body)),
  },
  ...reads({
    path: '/v1/size',
    kind: 'size',
    role: 'any',
    operations: ['listSizes', 'findSize'],
    items: ({ state }) => state.sizes,
    response: sizeResponse,
  }),
  {
    operation: 'suggest',
    method: 'POST',
    path: '/v1/size/suggest',
    role: 'any',
    status: 200,
    handle: ({ state }, { body }) => {
      const { machineID } = readBody(z.object({ machineID: z.string().default('') }), body);
      if (machineID === '') throw badRequest('machineID must be given');
      const machine = state.machines.get(machineID);
      if (!machine) throw noSuch('machine', machineID);
      return state.sizes.get(machine.sizeid)?.constraints ?? [];
    },
  },
  ...reads({
    path: '/v1/filesystemlayout',
    kind: 'filesystemlayout',
    role: 'view',
    operations: ['listFilesystemLayouts', 'getFilesystemLayout'],
    items: ({ state }) => state.filesystemLayouts,
    response: filesystemLayoutResponse,
  }),
];
