import { durationMs } from '../controllers/machine/settings.ts';
import { choice, count, flag, text } from './flag-types.ts';
import { type Flag, UsageError } from './flags.ts';

type Description = Omit<Flag<unknown>, 'parse' | 'fallback' | 'value'>;

/** A Go duration, in milliseconds. */
function duration(fallback: string, description: Description): Flag<number> {
  return {
    ...description,
    value: 'duration',
    fallback,
    parse: (given) => {
      const ms = durationMs(given);
      if (ms === undefined) throw new UsageError('must be a duration such as 30s, 20m or 2h');
      return ms;
    },
  };
}

function rate(fallback: number, description: Description): Flag<number> {
  return {
    ...description,
    value: 'number',
    fallback: String(fallback),
    parse: (given) => {
      const number = Number(given);
      if (given.trim() !== '' && number > 0 && Number.isFinite(number)) return number;
      throw new UsageError('must be a number greater than 0');
    },
  };
}

const noEffect = 'Has no effect; taken because the Go machine controller has it.';

/** Flags of `espalier machine-controller`: those of the machine controllers in Go, so that it takes their place as it is. */
export const machineControllerFlags = {
  namespace: text('name', 'default', { help: 'Namespace of the Machines.' }),
  'control-kubeconfig': text('path', '', {
    help: 'Kubeconfig of the cluster of the Machines, or inClusterConfig. Without it: that of --target-kubeconfig.',
  }),
  'target-kubeconfig': text('path', '', {
    help: 'Kubeconfig of the cluster that machines join, or none if there is none. Without it: $KUBECONFIG, or the service account of the pod.',
  }),
  address: text('ip', '0.0.0.0', {
    help: 'Where /healthz, /readyz and /metrics are served; 0.0.0.0 is all, IPv6 too.',
  }),
  port: count(10259, 1, { help: 'Port of /healthz, /readyz and /metrics.' }),
  'concurrent-syncs': count(50, 1, { help: 'Machines that are worked on at the same time.' }),
  'kube-api-qps': rate(20, { help: 'Calls to an API server in a second.' }),
  'kube-api-burst': count(30, 0, { help: 'Calls to an API server at once.' }),
  'machine-creation-timeout': duration('20m', { help: 'A machine that has not joined after so long has failed.' }),
  'machine-health-timeout': duration('10m', { help: 'A machine that is sick for so long has failed.' }),
  'machine-drain-timeout': duration('2h', { help: 'A node that is not empty after so long goes with its pods.' }),
  'machine-inplace-update-timeout': duration('20m', { help: 'An update in place that takes longer has failed.' }),
  'machine-max-evict-retries': count(360, 0, {
    help: 'A pod whose eviction is refused so often, 20 s apart, is deleted.',
  }),
  'machine-pv-detach-timeout': duration('2m', {
    help: 'Longest time for volumes to leave a node, on top of what the pod gets to end.',
  }),
  'machine-pv-reattach-timeout': duration('90s', { help: 'Longest wait for volumes to come up on another node.' }),
  'machine-safety-orphan-vms-period': duration('15m', {
    help: 'Time between two looks for machines that no Machine stands for.',
  }),
  'machine-safety-apiserver-statuscheck-period': duration('1m', {
    help: 'Time between two looks whether the API servers can be reached.',
  }),
  'machine-safety-apiserver-statuscheck-timeout': duration('30s', {
    help: 'Machines are left alone when an API server cannot be reached for so long.',
  }),
  'resource-exhausted-retry': duration('10m', {
    help: 'Time until a machine is asked for again that was not to be had.',
  }),
  'node-conditions': text('list', 'KernelDeadlock,ReadonlyFilesystem,DiskPressure,NetworkUnavailable', {
    help: 'Conditions of a Node that make its machine sick when they are true.',
  }),
  'bootstrap-token-auth-extra-groups': text('list', '', { help: 'Groups of who joins with a bootstrap token.' }),
  'leader-elect': flag(true, { help: 'Let one replica at a time work; the Lease is machine-controller.' }),
  'leader-elect-lease-duration': duration('15s', { help: 'Others wait so long for a leader that is not heard of.' }),
  'leader-elect-renew-deadline': duration('10s', { help: 'A leader that cannot renew its Lease for so long stops.' }),
  'leader-elect-retry-period': duration('2s', { help: 'Time between two tries to get or renew the Lease.' }),
  'leader-elect-resource-lock': choice(['leases'], 'leases', { help: 'What is locked.' }),
  v: count(3, 0, { help: 'Verbosity: 4 and more tell everything.' }),
  'log-format': choice(['json', 'text'], 'json', { help: 'json for machines, text for people.' }),
  'min-resync-period': duration('12h', { help: noEffect }),
  'controller-start-interval': duration('0s', { help: noEffect }),
  'kube-api-content-type': text('type', 'application/vnd.kubernetes.protobuf', { help: noEffect }),
};
