import { isIP } from 'node:net';
import { defaultPeriods, type MachineSettings } from '../controllers/machine/settings.ts';
import type { LeaseDurations } from '../kube/leader.ts';
import type { Address } from '../telemetry/address.ts';
import type { LogLevel } from '../telemetry/log.ts';
import { type FlagValues, UsageError } from './flags.ts';
import type { machineControllerFlags } from './machine-controller-flags.ts';

export type MachineControllerValues = FlagValues<typeof machineControllerFlags>;

/** Where an API server is found; without a path as the environment says. */
export interface Connection {
  readonly kubeconfig: string | undefined;
}

/** What the flags of `espalier machine-controller` mean together. */
export interface Settings {
  readonly control: Connection;
  /** Undefined when there is no cluster that machines join. */
  readonly target: Connection | undefined;
  readonly address: Address;
  readonly level: LogLevel;
  readonly machines: MachineSettings;
  readonly lease: LeaseDurations;
}

const highestPort = 65_535;
const debugFrom = 4;
/** Nothing is looked at more often, in milliseconds. */
const shortestPeriodMs = 1_000;

/** Throws UsageError for what does not go together. */
export function settleMachineController(values: MachineControllerValues): Settings {
  const { address, port } = values;
  if (isIP(address) === 0) throw new UsageError(`--address=${address}: must be an IP address`);
  if (port > highestPort) throw new UsageError(`--port=${port}: must be at most ${highestPort}`);
  return {
    ...connectionsOf(values),
    address: address === '0.0.0.0' || address === '::' ? { port } : { host: address, port },
    level: values.v >= debugFrom ? 'debug' : 'info',
    machines: machineSettingsOf(values),
    lease: {
      leaseMs: values['leader-elect-lease-duration'],
      renewDeadlineMs: values['leader-elect-renew-deadline'],
      retryMs: values['leader-elect-retry-period'],
    },
  };
}

function connectionsOf(values: MachineControllerValues): Pick<Settings, 'control' | 'target'> {
  const { 'control-kubeconfig': control, 'target-kubeconfig': target } = values;
  const hasTarget = target !== 'none';
  if (control === '' && !hasTarget) {
    throw new UsageError('--control-kubeconfig is required when --target-kubeconfig is none');
  }
  const own = control === 'inClusterConfig' ? '' : control || target;
  return {
    control: { kubeconfig: own || undefined },
    target: hasTarget ? { kubeconfig: target || undefined } : undefined,
  };
}

function machineSettingsOf(values: MachineControllerValues): MachineSettings {
  const freezeCheckPeriodMs = values['machine-safety-apiserver-statuscheck-period'];
  const freezeAfterMs = values['machine-safety-apiserver-statuscheck-timeout'];
  if (freezeCheckPeriodMs < freezeAfterMs) {
    throw new UsageError('--machine-safety-apiserver-statuscheck-period must not be shorter than its timeout');
  }
  return {
    creationTimeoutMs: values['machine-creation-timeout'],
    healthTimeoutMs: values['machine-health-timeout'],
    drainTimeoutMs: values['machine-drain-timeout'],
    inPlaceUpdateTimeoutMs: values['machine-inplace-update-timeout'],
    maxEvictRetries: values['machine-max-evict-retries'],
    pvDetachTimeoutMs: values['machine-pv-detach-timeout'],
    pvReattachTimeoutMs: values['machine-pv-reattach-timeout'],
    nodeConditions: values['node-conditions'].split(',').filter(Boolean),
    bootstrapTokenGroups: values['bootstrap-token-auth-extra-groups'],
    orphanPeriodMs: Math.max(shortestPeriodMs, values['machine-safety-orphan-vms-period']),
    freezeCheckPeriodMs: Math.max(shortestPeriodMs, freezeCheckPeriodMs),
    freezeAfterMs: Math.max(shortestPeriodMs, freezeAfterMs),
    periods: { ...defaultPeriods, resourceExhausted: values['resource-exhausted-retry'] },
  };
}
