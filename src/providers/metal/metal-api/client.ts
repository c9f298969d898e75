import * as z from 'zod';
import { isMetalApiError, MetalApiError } from './errors.ts';
import type { Guard } from './resilience.ts';
import { type Call, mayRepeat, send, type Transport } from './transport.ts';
import {
  type Health,
  health,
  type Ip,
  type IpFind,
  type IpUpdate,
  ip,
  listOf,
  type Machine,
  type MachineAllocate,
  type MachineFind,
  machine,
  type Named,
  type Network,
  type NetworkAllocate,
  type NetworkFind,
  named,
  network,
} from './types.ts';

export interface MetalCallOptions {
  readonly signal?: AbortSignal | undefined;
  /** One attempt only, for what is done as well as it goes. */
  readonly once?: boolean | undefined;
}

/** Calls of metal-api v1. Every one throws MetalApiError, or the signal's reason when it was aborted. */
export interface MetalApi {
  findNetworks(query: NetworkFind, options?: MetalCallOptions): Promise<Network[]>;
  /** Not found is undefined. */
  getNetwork(id: string, options?: MetalCallOptions): Promise<Network | undefined>;
  /** Never repeated once it may have been sent: kind `outcome-unknown` says that a network may have been made. */
  allocateNetwork(order: NetworkAllocate, options?: MetalCallOptions): Promise<Network>;
  /** Not found is success. Kind `conflict` while its IPs are in use. */
  freeNetwork(id: string, options?: MetalCallOptions): Promise<void>;
  findIPs(query: IpFind, options?: MetalCallOptions): Promise<Ip[]>;
  updateIP(update: IpUpdate, options?: MetalCallOptions): Promise<Ip>;
  /** Not found is success. */
  freeIP(address: string, options?: MetalCallOptions): Promise<void>;
  /** Machines and firewalls. */
  findMachines(query: MachineFind, options?: MetalCallOptions): Promise<Machine[]>;
  /** Never repeated once it may have been sent: kind `outcome-unknown` says that a machine may have been taken. */
  allocateMachine(order: MachineAllocate, options?: MetalCallOptions): Promise<Machine>;
  /**
   * Back into the pool, a firewall as well. Not found is success. Never repeated once it may have been sent: the machine may
   * be another's by then.
   */
  freeMachine(id: string, options?: MetalCallOptions): Promise<void>;
  /** All of them, also those that have expired. */
  listImages(options?: MetalCallOptions): Promise<Named[]>;
  listSizes(options?: MetalCallOptions): Promise<Named[]>;
  health(options?: MetalCallOptions): Promise<Health>;
}

export interface CallReport {
  readonly call: string;
  /** `success` or the kind of the error; `aborted` when the caller gave up. */
  readonly outcome: string;
  readonly durationMs: number;
}

export type OnCall = (report: CallReport) => void;

export interface MetalApiOptions extends Transport {
  readonly guard: Guard;
  /** Told of every attempt. */
  readonly onCall?: OnCall | undefined;
}

export function createMetalApi(options: MetalApiOptions): MetalApi {
  const attempt = async <T extends z.ZodType>(call: Call<T>, signal: AbortSignal | undefined) => {
    const start = options.clock.monotonic();
    const report = (outcome: string) =>
      options.onCall?.({ call: call.name, outcome, durationMs: options.clock.monotonic() - start });
    try {
      const answer = await send(options, call, signal);
      report('success');
      return answer;
    } catch (error) {
      report(error instanceof MetalApiError ? error.kind : 'aborted');
      throw error;
    }
  };
  const run = <T extends z.ZodType>(call: Call<T>, { signal, once }: MetalCallOptions = {}) =>
    options.guard.run(call.name, () => attempt(call, signal), {
      mayRepeat: (error) => mayRepeat(call, error),
      signal,
      once,
    });

  return {
    findNetworks: (body, call) => run(post('findNetworks', '/v1/network/find', body, listOf(network)), call),
    getNetwork: (id, call) => orUndefined(run(get('findNetwork', `/v1/network/${escapeId(id)}`, network), call)),
    allocateNetwork: (body, call) =>
      run({ ...post('allocateNetwork', '/v1/network/allocate', body, network), repeatable: false }, call),
    freeNetwork: async (id, call) => {
      await orUndefined(run(free('freeNetwork', `/v1/network/free/${escapeId(id)}`), call));
    },
    findIPs: (body, call) => run(post('findIPs', '/v1/ip/find', body, listOf(ip)), call),
    updateIP: (body, call) => run(post('updateIP', '/v1/ip', body, ip), call),
    freeIP: async (address, call) => {
      await orUndefined(run(free('freeIP', `/v1/ip/free/${escapeId(address)}`), call));
    },
    findMachines: (body, call) => run(post('findMachines', '/v1/machine/find', body, listOf(machine)), call),
    allocateMachine: (body, call) =>
      run({ ...post('allocateMachine', '/v1/machine/allocate', body, machine), repeatable: false }, call),
    freeMachine: async (id, call) => {
      await orUndefined(run({ ...free('freeMachine', `/v1/machine/${escapeId(id)}/free`), repeatable: false }, call));
    },
    listImages: (call) => run(get('listImages', '/v1/image', listOf(named)), call),
    listSizes: (call) => run(get('listSizes', '/v1/size', listOf(named)), call),
    health: (call) => run(get('health', '/v1/health', health), call),
  };
}

const post = <T extends z.ZodType>(name: string, path: string, body: object, answer: T): Call<T> => ({
  name,
  method: 'POST',
  path,
  body,
  answer,
  repeatable: true,
});

const get = <T extends z.ZodType>(name: string, path: string, answer: T): Call<T> => ({
  name,
  method: 'GET',
  path,
  answer,
  repeatable: true,
});

/** What was freed; only that metal-api answers it matters. */
const freed = z.object({});

const free = (name: string, path: string): Call<typeof freed> => ({
  name,
  method: 'DELETE',
  path,
  answer: freed,
  repeatable: true,
});

/** The id of an IP is the address, and the colons of IPv6 must be escaped. */
const escapeId = (id: string): string => encodeURIComponent(id);

async function orUndefined<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isMetalApiError(error, 'not-found')) return undefined;
    throw error;
  }
}
