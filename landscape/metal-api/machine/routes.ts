import { readBody } from '../body.ts';
import type { ApiRequest, Context, Route, User } from '../context.ts';
import { internal, notFound } from '../errors.ts';
import type { Machine, MachineRole } from '../model.ts';
import { allocateMachine } from './allocate.ts';
import {
  deleteMachine,
  findMachine,
  freeMachine,
  machineStateSchema,
  machineUpdateSchema,
  reinstallMachine,
  reinstallSchema,
  setLed,
  setMachineState,
  updateMachine,
} from './change.ts';
import { machineFindSchema, machineMatches } from './find.ts';
import { machineAllocateSchema } from './request.ts';
import { machineResponse } from './response.ts';

type Act = (context: Context, request: ApiRequest) => Machine;

const idOf = ({ params }: ApiRequest): string => params.id ?? '';

/** Who calls an endpoint that guests never reach. */
function caller({ user }: ApiRequest): User {
  if (!user) throw internal('no user');
  return user;
}

function one(operation: string, method: Route['method'], path: string, role: Route['role'], act: Act): Route {
  const handle: Route['handle'] = (context, request) => machineResponse(context.state, act(context, request));
  return { operation, method, path, role, status: 200, handle };
}

const isFirewall = (machine: Machine): boolean => machine.allocation?.role === 'firewall';

function all({ state }: Context, fits: (machine: Machine) => boolean): object[] {
  return [...state.machines.values()].filter(fits).map((machine) => machineResponse(state, machine));
}

function find(context: Context, request: ApiRequest, role?: MachineRole): object[] {
  const wanted = readBody(machineFindSchema, request.body);
  const condition = role ? { ...wanted, allocation_role: role } : wanted;
  return all(context, (machine) => machineMatches(context.state, machine, condition));
}

function allocate(role: MachineRole): Act {
  return (context, request) =>
    allocateMachine(context, role, readBody(machineAllocateSchema, request.body), caller(request));
}

const list = (operation: string, path: string, fits: (machine: Machine) => boolean): Route => ({
  operation,
  method: 'GET',
  path,
  role: 'view',
  status: 200,
  handle: (context) => all(context, fits),
});

/** Commands to a machine's management board: accepted, and without a visible effect. */
const POWER: readonly (readonly [operation: string, command: string])[] = [
  ['machineOn', 'on'],
  ['machineOff', 'off'],
  ['machineReset', 'reset'],
  ['machineCycle', 'cycle'],
  ['machineBios', 'bios'],
  ['machineDisk', 'disk'],
  ['machinePxe', 'pxe'],
];

const led = (operation: string, command: string, value: 'LED-ON' | 'LED-OFF'): Route =>
  one(operation, 'POST', `/v1/machine/{id}/power/${command}`, 'edit', (context, request) =>
    setLed(context, idOf(request), value, request.query.get('description') ?? ''),
  );

export const machineRoutes: readonly Route[] = [
  list('listMachines', '/v1/machine', () => true),
  one('findMachine', 'GET', '/v1/machine/{id}', 'view', (context, request) => findMachine(context, idOf(request))),
  {
    operation: 'findMachines',
    method: 'POST',
    path: '/v1/machine/find',
    role: 'view',
    status: 200,
    handle: (context, request) => find(context, request),
  },
  one('allocateMachine', 'POST', '/v1/machine/allocate', 'edit', allocate('machine')),
  one('updateMachine', 'POST', '/v1/machine', 'admin', (context, { body }) =>
    updateMachine(context, readBody(machineUpdateSchema, body)),
  ),
  one('freeMachine', 'DELETE', '/v1/machine/{id}/free', 'edit', (context, request) =>
    freeMachine(context, idOf(request)),
  ),
  one('deleteMachine', 'DELETE', '/v1/machine/{id}', 'admin', (context, request) =>
    deleteMachine(context, idOf(request)),
  ),
  one('reinstallMachine', 'POST', '/v1/machine/{id}/reinstall', 'edit', (context, request) =>
    reinstallMachine(context, idOf(request), readBody(reinstallSchema, request.body)),
  ),
  one('setMachineState', 'POST', '/v1/machine/{id}/state', 'edit', (context, request) =>
    setMachineState(context, idOf(request), readBody(machineStateSchema, request.body), caller(request)),
  ),
  ...POWER.map(([operation, command]) =>
    one(operation, 'POST', `/v1/machine/{id}/power/${command}`, 'edit', (context, request) =>
      findMachine(context, idOf(request)),
    ),
  ),
  led('chassisIdentifyLEDOn', 'chassis-identify-led-on', 'LED-ON'),
  led('chassisIdentifyLEDOff', 'chassis-identify-led-off', 'LED-OFF'),
  {
    operation: 'listIssues',
    method: 'GET',
    path: '/v1/machine/issues',
    role: 'view',
    status: 200,
    handle: () => [],
  },
  {
    operation: 'issues',
    method: 'POST',
    path: '/v1/machine/issues/evaluate',
    role: 'view',
    status: 200,
    handle: () => [],
  },
];

export const firewallRoutes: readonly Route[] = [
  list('listFirewalls', '/v1/firewall', isFirewall),
  one('findFirewall', 'GET', '/v1/firewall/{id}', 'view', (context, request) => {
    const machine = findMachine(context, idOf(request));
    if (!isFirewall(machine)) throw notFound('machine is not a firewall');
    return machine;
  }),
  {
    operation: 'findFirewalls',
    method: 'POST',
    path: '/v1/firewall/find',
    role: 'view',
    status: 200,
    handle: (context, request) => find(context, request, 'firewall'),
  },
  one('allocateFirewall', 'POST', '/v1/firewall/allocate', 'edit', allocate('firewall')),
];
