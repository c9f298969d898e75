import type { KubeObject } from '../../../../kube/object.ts';
import { prometheusRule } from '../../../objects.ts';
import type { ControlPlaneModel } from '../model.ts';

/** As Gardener's ServiceMonitor has it, for machine-controller-manager and for the machine controller. */
const job = 'job="machine-controller-manager"';
const phase = `mcm_machine_current_status_phase{${job}}`;

/**
 * What the Prometheus of the shoot alerts its operator of. Gardener lets through only some figures of the machine
 * controller, in Go or ours: these are among them.
 */
export function machineAlerts({ namespace }: ControlPlaneModel): KubeObject {
  return prometheusRule({
    metadata: { name: 'shoot-machine-controller-provider-metal', namespace, labels: { prometheus: 'shoot' } },
    spec: { groups: [{ name: 'machine-controller-provider-metal.rules', rules }] },
  });
}

const labels = (severity: 'critical' | 'warning') => ({
  severity,
  service: 'machine-controller-manager',
  type: 'seed',
  visibility: 'operator',
});

const rules = [
  {
    alert: 'MetalMachinesFail',
    // Failed (-3) and CrashLoopBackOff (-2).
    expr: `count(${phase} >= -3 < -1) > 0`,
    for: '15m',
    labels: labels('warning'),
    annotations: {
      summary: '{{ $value }} machines cannot be made, or have failed.',
      description: 'The reason is in status.lastOperation of the Machines, and in their events.',
    },
  },
  {
    alert: 'MetalMachineSlow',
    expr: `${phase} == 0`,
    for: '30m',
    labels: labels('warning'),
    annotations: {
      summary: 'The machine {{ $labels.name }} has not joined for half an hour.',
      description: 'Its provisioning events are at metal-api; its console says what it waits for.',
    },
  },
  {
    alert: 'MetalMachineCallsFail',
    // Alerts have a label `service` of their own, which would take the place of this one.
    expr:
      `label_replace(sum by (service) (rate(mcm_cloud_api_requests_failed_total{${job}}[15m]))` +
      ` / sum by (service) (rate(mcm_cloud_api_requests_total{${job}}[15m])), "call", "$1", "service", "(.+)") > 0.5`,
    for: '15m',
    labels: labels('warning'),
    annotations: {
      summary: 'More than half of the calls {{ $labels.call }} of the machine controller fail.',
      description:
        'The log of the machine controller says how: credentials, quota, no machine of that size, or metal-api is down.',
    },
  },
  {
    alert: 'MetalMachineControllerFrozen',
    expr: `max(mcm_machine_controller_frozen{${job}}) == 1`,
    for: '10m',
    labels: labels('critical'),
    annotations: {
      summary: 'The machine controller cannot reach an API server, and leaves machines alone.',
      description:
        'No node is made, replaced or removed. Look at the API servers of shoot and seed, and at the network between.',
    },
  },
] as const;
