import { type AlertCase, seriesOf } from './alert-case.ts';

const job = 'machine-controller-manager';
const phase = (name: string) => seriesOf('mcm_machine_current_status_phase', { job, name, namespace: 'shoot--p--s' });
const calls = (what: string, service: string) => seriesOf(`mcm_cloud_api_${what}`, { job, provider: 'metal', service });
const frozen = (instance: string) => seriesOf('mcm_machine_controller_frozen', { job, instance });

export const machineCases: readonly AlertCase[] = [
  {
    alert: 'MetalMachinesFail',
    what: 'one machine after the other fails, and one is tried again and again',
    series: { [phase('a')]: '-3x10 stale', [phase('b')]: '0x9 -3x60', [phase('c')]: '-2x60', [phase('d')]: '1x60' },
    at: 20,
    fires: [{ summary: '2 machines cannot be made, or have failed.' }],
  },
  {
    alert: 'MetalMachinesFail',
    what: 'machines come, are drained, and are unhealthy for a while',
    series: { [phase('a')]: '0x60', [phase('b')]: '-4x60', [phase('c')]: '-1x60', [phase('d')]: '1x60' },
    at: 40,
    fires: [],
  },
  {
    alert: 'MetalMachineSlow',
    what: 'one of two machines does not join',
    series: { [phase('a')]: '0x60', [phase('b')]: '0x20 1x60' },
    at: 35,
    fires: [
      {
        labels: { job, name: 'a', namespace: 'shoot--p--s' },
        summary: 'The machine a has not joined for half an hour.',
      },
    ],
  },
  {
    alert: 'MetalMachineSlow',
    what: 'a rollout takes an hour',
    series: { [phase('a')]: '0x20 1x60', [phase('b')]: '_x20 0x20 1x60' },
    at: 60,
    fires: [],
  },
  {
    alert: 'MetalMachineCallsFail',
    what: 'no call comes through but one kind',
    series: {
      [calls('requests_total', 'CreateMachine')]: '0+4x60',
      [calls('requests_failed_total', 'CreateMachine')]: '0+3x60',
      [calls('requests_total', 'DeleteMachine')]: '0+1x60',
      [calls('requests_failed_total', 'DeleteMachine')]: '0+1x60',
      [calls('requests_total', 'GetMachineStatus')]: '0+4x60',
    },
    at: 35,
    fires: [
      {
        labels: { call: 'DeleteMachine' },
        summary: 'More than half of the calls DeleteMachine of the machine controller fail.',
      },
      {
        labels: { call: 'CreateMachine' },
        summary: 'More than half of the calls CreateMachine of the machine controller fail.',
      },
    ],
  },
  {
    alert: 'MetalMachineCallsFail',
    what: 'some calls fail',
    series: {
      [calls('requests_total', 'CreateMachine')]: '0+10x60',
      [calls('requests_failed_total', 'CreateMachine')]: '0+4x60',
    },
    at: 35,
    fires: [],
  },
  {
    alert: 'MetalMachineControllerFrozen',
    what: 'the API server of the shoot is away',
    series: { [frozen('a')]: '0x5 1x60' },
    at: 20,
    fires: [{ summary: 'The machine controller cannot reach an API server, and leaves machines alone.' }],
  },
  {
    alert: 'MetalMachineControllerFrozen',
    what: 'it was away for a moment',
    series: { [frozen('a')]: '0x5 1x5 0x60' },
    at: 20,
    fires: [],
  },
];
