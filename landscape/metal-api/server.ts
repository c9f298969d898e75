import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Clock, systemClock } from '../../src/kube/clock.ts';
import type { Context, HardwareTiming } from './context.ts';
import { createContract } from './contract.ts';
import { defaultFixture } from './fixture.ts';
import { type FixtureInput, fixtureSchema } from './fixture-schema.ts';
import { type AuthOptions, defaultAuth } from './http/auth.ts';
import { CallLog } from './http/call-log.ts';
import { CONTROL_PREFIX, handleControl } from './http/control.ts';
import { sendJson, sendText } from './http/exchange.ts';
import { type ErrorBody, handleApi, type Observer } from './http/handler.ts';
import { type KnobInput, Knobs } from './http/knobs.ts';
import { Router } from './http/router.ts';
import { ipResponse } from './ip/routes.ts';
import { createHardware } from './machine/hardware.ts';
import { machineResponse } from './machine/response.ts';
import { networkResponse } from './network/response.ts';
import { seededRandom } from './random.ts';
import { routes } from './routes.ts';
import { seed } from './seed.ts';
import { emptyState, type State } from './state.ts';

export interface MetalApiOptions {
  /** 0 (the default) picks a free port. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default `/metal`. */
  readonly basePath?: string;
  readonly fixture?: FixtureInput;
  readonly auth?: AuthOptions;
  readonly knobs?: KnobInput;
  readonly clock?: Clock;
  /** Of all choices and faults. Default 1. */
  readonly seed?: number;
  readonly timing?: Partial<HardwareTiming>;
  /** How errors are written, default `object`; `string` for clients built with metal-go. */
  readonly errorBody?: ErrorBody;
  /** Validates every request and answer against metal-api.json and collects what breaks it in `violations`. Needs `go`. */
  readonly contract?: boolean;
}

export interface MetalApi {
  /** With the base path, without a trailing slash: what clients are configured with. */
  readonly url: string;
  readonly port: number;
  /** Current data, for reading. `reset` replaces it. */
  readonly state: State;
  readonly knobs: Knobs;
  readonly calls: CallLog;
  /** Each distinct breach of metal-api.json once, in the order seen; stays empty without the option `contract`. */
  readonly violations: readonly string[];
  /** Back to the fixture, knobs off, call log and violations empty. */
  reset(): void;
  /** Stops listening, keeps the data: connections are refused until `resume`. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Stops for good; open connections are closed at once. */
  close(): Promise<void>;
}

/** Starts a metal-api v1 on loopback. Rejects when the port is taken or the fixture breaks metal-api's rules. */
export async function startMetalApi(options: MetalApiOptions = {}): Promise<MetalApi> {
  const basePath = (options.basePath ?? '/metal').replace(/\/$/, '');
  const host = options.host ?? '127.0.0.1';
  const clock = options.clock ?? systemClock;
  const fixture = fixtureSchema.parse(options.fixture ?? defaultFixture());
  const timing: HardwareTiming = { provisioningMs: 2_000, reclaimMs: 1_000, ...options.timing };
  const seedNumber = options.seed ?? 1;
  const knobs = new Knobs(seededRandom(seedNumber + 1));
  knobs.set(options.knobs ?? {});
  const hardware = createHardware(knobs, () => context.state);
  const fresh = (): Context => {
    const context = { state: emptyState(fixture), clock, random: seededRandom(seedNumber), timing, hardware };
    seed(context, fixture);
    return context;
  };
  let context = fresh();
  const calls = new CallLog();
  const stop = new AbortController();
  const violations = new Set<string>();

  const reset = (): void => {
    for (const machine of context.state.machines.values()) if (machine.allocation) hardware.stopped(machine);
    context = fresh();
    knobs.reset();
    calls.clear();
    violations.clear();
  };
  const api = {
    router: new Router(routes),
    auth: options.auth ?? defaultAuth,
    clock,
    knobs,
    calls,
    context: () => context,
    observe: options.contract ? contractObserver(violations) : undefined,
    errorBody: options.errorBody ?? 'object',
    stopped: stop.signal,
  };
  const control = {
    knobs,
    calls,
    reset,
    watchHardware: hardware.watch,
    snapshot: () => ({ ...snapshot(context.state), violations: [...violations] }),
  };

  const dispatch = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://metal-api');
    if (url.pathname.startsWith(CONTROL_PREFIX)) return handleControl(control, request, response, url);
    if (!url.pathname.startsWith(`${basePath}/`)) return sendText(response, 404, '404: Page Not Found');
    return handleApi(api, request, response, url, url.pathname.slice(basePath.length));
  };
  const server = createServer((request, response) => {
    dispatch(request, response).catch((error: unknown) => {
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      if (!response.headersSent) sendJson(response, 500, { statuscode: 500, message: `simulator defect: ${message}` });
    });
  });
  await listen(server, options.port ?? 0, host);
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}${basePath}`,
    port,
    get state() {
      return context.state;
    },
    knobs,
    calls,
    get violations() {
      return [...violations];
    },
    reset,
    pause: () => shut(server),
    resume: () => listen(server, port, host),
    close: async () => {
      stop.abort();
      await shut(server);
    },
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function shut(server: Server): Promise<void> {
  return new Promise((resolve) => {
    if (!server.listening) return resolve();
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function snapshot(state: State): object {
  return {
    networks: [...state.networks.values()].map((network) => networkResponse(state, network)),
    ips: [...state.ips.all()].map(ipResponse),
    machines: [...state.machines.values()].map((machine) => machineResponse(state, machine)),
  };
}

function contractObserver(violations: Set<string>): Observer {
  const contract = createContract();
  return ({ method, path, requestBody, status, responseBody }) => {
    // Of what is refused before or while it is read, nothing is known that could be compared.
    if (![400, 403, 413].includes(status))
      for (const fault of contract.validateRequest(method, path, requestBody)) violations.add(fault);
    for (const fault of contract.validateResponse(method, path, status, responseBody)) violations.add(fault);
  };
}
