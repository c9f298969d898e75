import { describe, expect, it } from 'vitest';
import { parseFlags } from './flags.ts';
import { machineControllerFlags } from './machine-controller-flags.ts';
import { settleMachineController } from './machine-controller-settings.ts';

const settle = (...args: string[]) => settleMachineController(parseFlags(machineControllerFlags, args, {}));

describe('flags of the machine controller', () => {
  it('are those that Gardener gives to the one in Go (gardener-contract 2.12)', () => {
    const settings = settle(
      '--control-kubeconfig=inClusterConfig',
      '--kube-api-qps=100',
      '--kube-api-burst=200',
      '--machine-creation-timeout=20m',
      '--machine-drain-timeout=2h',
      '--machine-health-timeout=10080m',
      '--machine-safety-apiserver-statuscheck-timeout=30s',
      '--machine-safety-apiserver-statuscheck-period=1m',
      '--machine-safety-orphan-vms-period=30m',
      '--namespace=shoot--p--c',
      '--port=10259',
      '--target-kubeconfig=/kubeconfig',
      '--v=3',
    );
    expect(settings).toMatchObject({
      control: { kubeconfig: undefined },
      target: { kubeconfig: '/kubeconfig' },
      address: { port: 10259 },
      level: 'info',
      machines: { healthTimeoutMs: 604_800_000, drainTimeoutMs: 7_200_000, maxEvictRetries: 360 },
      lease: { leaseMs: 15_000, renewDeadlineMs: 10_000, retryMs: 2_000 },
    });
  });

  it.each<[string[], { control: unknown; target: unknown }]>([
    [[], { control: { kubeconfig: undefined }, target: { kubeconfig: undefined } }],
    [['--target-kubeconfig=/t'], { control: { kubeconfig: '/t' }, target: { kubeconfig: '/t' } }],
    [['--control-kubeconfig=/c', '--target-kubeconfig=none'], { control: { kubeconfig: '/c' }, target: undefined }],
    [
      ['--control-kubeconfig=inClusterConfig', '--target-kubeconfig='],
      { control: { kubeconfig: undefined }, target: { kubeconfig: undefined } },
    ],
  ])('%j name the clusters', (args, clusters) => {
    const { control, target } = settle(...args);
    expect({ control, target }).toEqual(clusters);
  });

  it.each<[string, RegExp]>([
    ['--target-kubeconfig=none', /--control-kubeconfig is required/],
    ['--machine-drain-timeout=soon', /must be a duration/],
    ['--machine-drain-timeout=-1s', /must be a duration/],
    ['--port=70000', /must be at most 65535/],
    ['--address=localhost', /must be an IP address/],
    ['--kube-api-qps=0', /greater than 0/],
    ['--machine-safety-apiserver-statuscheck-period=1s', /must not be shorter/],
    ['--leader-elect-resource-lock=endpoints', /must be leases/],
  ])('%s is refused', (arg, message) => {
    expect(() => settle(arg)).toThrow(message);
  });

  it('serve an IPv6 address, too', () => {
    expect(settle('--address=::1').address).toEqual({ host: '::1', port: 10259 });
  });
});
