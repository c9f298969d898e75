import { randomBytes } from 'node:crypto';
import { type Machine, type MachineClass, machineClasses, machines } from '../../src/apis/machine/machine.ts';
import { createMachineController, type MachineController } from '../../src/controllers/machine/controller.ts';
import { type Node, nodes } from '../../src/controllers/machine/node.ts';
import { defaultPeriods, type MachineSettings } from '../../src/controllers/machine/settings.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { systemClock } from '../../src/kube/clock.ts';
import type { Logger } from '../../src/kube/logger.ts';
import { secrets } from '../../src/kube/secret.ts';
import { type MachineDriver, MachineError } from '../../src/providers/machine.ts';
import { silent } from './kube-kit.ts';

/** A provider in memory: machines by provider id. */
export interface MemoryProvider extends MachineDriver {
  settleMs: number;
  readonly machines: Map<string, { readonly name: string; readonly userData: string }>;
  readonly calls: string[];
  /** Runs before a call takes effect: may throw, or wait. */
  before: (call: string, name: string) => unknown;
  /** Runs after it took effect: throwing is a lost answer. */
  after: (call: string, name: string) => unknown;
}

export function createMemoryProvider(): MemoryProvider {
  const known: MemoryProvider['machines'] = new Map();
  const find = (name: string) => [...known].find(([, machine]) => machine.name === name)?.[0];
  const call = async <T>(what: string, name: string, effect: () => T): Promise<T> => {
    provider.calls.push(`${what} ${name}`);
    await provider.before(what, name);
    const result = effect();
    await provider.after(what, name);
    return result;
  };
  const provider: MemoryProvider = {
    provider: 'memory',
    settleMs: 0,
    machines: known,
    calls: [],
    before: () => undefined,
    after: () => undefined,
    create: ({ machine: { metadata }, userData = '' }) =>
      call('create', metadata.name, () => {
        const providerID = find(metadata.name) ?? `memory:///${randomBytes(6).toString('hex')}`;
        if (!known.has(providerID)) known.set(providerID, { name: metadata.name, userData });
        return { providerID, nodeName: metadata.name };
      }),
    delete: ({ machine: { metadata, spec } }) =>
      call('delete', metadata.name, () => void known.delete(spec.providerID ?? find(metadata.name) ?? '')),
    status: ({ machine: { metadata, spec } }) =>
      call('status', metadata.name, () => {
        const providerID = spec.providerID ?? find(metadata.name) ?? '';
        if (!known.has(providerID)) throw new MachineError('NotFound', 'there is none');
        return { providerID, nodeName: metadata.name };
      }),
    list: () => call('list', '', () => new Map([...known].map(([id, { name }]) => [id, name]))),
    volumeIDs: async (specs) =>
      specs.flatMap((spec) => (spec as { csi?: { volumeHandle?: string } }).csi?.volumeHandle ?? []),
  };
  return provider;
}

/** An hour each, so that nothing times out unless a test wants it. */
const hour = 3_600_000;
export const quickSettings: MachineSettings = {
  creationTimeoutMs: hour,
  healthTimeoutMs: hour,
  drainTimeoutMs: hour,
  inPlaceUpdateTimeoutMs: hour,
  maxEvictRetries: 100,
  pvDetachTimeoutMs: hour,
  pvReattachTimeoutMs: 500,
  nodeConditions: ['KernelDeadlock', 'ReadonlyFilesystem', 'DiskPressure', 'NetworkUnavailable'],
  bootstrapTokenGroups: 'system:bootstrappers:test',
  orphanPeriodMs: hour,
  freezeCheckPeriodMs: hour,
  freezeAfterMs: hour,
  periods: { ...defaultPeriods, short: 200, medium: 300, resourceExhausted: 300, long: 400, poll: 100, evict: 200 },
};

/** A controller that runs. */
export interface RunningController extends MachineController {
  /** Reasons of events. */
  readonly told: readonly string[];
  stop(): Promise<void>;
}

export function startMachineController(options: {
  readonly namespace: string;
  readonly control: KubeClient;
  readonly target: KubeClient | undefined;
  readonly driver: MachineDriver;
  readonly settings?: Partial<MachineSettings>;
  readonly log?: Logger;
}): RunningController {
  const { namespace, control, target, driver, settings, log = silent } = options;
  const all = { ...quickSettings, ...settings };
  const clock = systemClock;
  const told: string[] = [];
  const controller = createMachineController({
    ...{ namespace, control, target, driver, settings: all, workers: 10, clock, log },
    recorder: { event: (_object, _type, reason) => void told.push(reason) },
  });
  const stop = new AbortController();
  const running = controller.informers.map((informer) => informer.run(stop.signal));
  const led = controller.lead(stop.signal);
  return {
    ...controller,
    told,
    async stop() {
      stop.abort(new Error('the test is over'));
      await Promise.all([...running, led]);
    },
  };
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** A class with its Secret and credentials. */
export async function createClass(control: KubeClient, namespace: string, name: string): Promise<void> {
  const userData = base64('join with <<BOOTSTRAP_TOKEN>> as %3C%3CMACHINE_NAME%3E%3E');
  await control.create(secrets, { metadata: { namespace, name }, data: { userData } });
  await control.create(secrets, { metadata: { namespace, name: `${name}-credentials` }, data: { key: base64('k') } });
  const machineClass: MachineClass = {
    metadata: { namespace, name },
    provider: 'memory',
    providerSpec: { size: 'small' },
    secretRef: { namespace, name },
    credentialsSecretRef: { namespace, name: `${name}-credentials` },
    nodeTemplate: {
      capacity: { cpu: '4', gpu: '0', memory: '8Gi' },
      instanceType: 'small',
      region: 'here',
      zone: 'here-1',
    },
  };
  await control.create(machineClasses, machineClass);
}

export function machineOf(
  namespace: string,
  name: string,
  className: string,
  spec: Partial<Machine['spec']> = {},
): Machine {
  return {
    metadata: { namespace, name, labels: { name: 'pool' } },
    spec: { class: { kind: 'MachineClass', name: className }, ...spec },
  };
}

export const createMachineObject = (control: KubeClient, machine: Machine): Promise<Machine> =>
  control.create(machines, machine);

/** kubelet's part: the Node comes up, ready or not, as of `since`. */
export async function join(
  target: KubeClient,
  name: string,
  status: 'True' | 'False' = 'True',
  since = Date.now(),
): Promise<void> {
  const node: Node = { metadata: { name } };
  await target.create(nodes, node).catch(() => undefined);
  await report(target, name, status, since);
}

export async function report(
  target: KubeClient,
  name: string,
  status: 'True' | 'False',
  since = Date.now(),
): Promise<void> {
  const lastTransitionTime = new Date(since).toISOString().replace(/\.\d+Z/, 'Z');
  const conditions = [{ type: 'Ready', status, reason: 'Test', message: 'by the test', lastTransitionTime }];
  const options = { subresource: 'status', fieldManager: 'kubelet', force: true } as const;
  await target.apply(nodes, { metadata: { name }, status: { conditions } }, options);
}
