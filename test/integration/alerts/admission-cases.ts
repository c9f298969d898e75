import { type AlertCase, seriesOf } from './alert-case.ts';
import { webhookCases } from './webhook-cases.ts';

const job = 'admission-metal';
const up = (instance: string) => seriesOf('up', { job, instance });
const leads = (instance: string) =>
  seriesOf('leader_election_master_status', { job, instance, name: 'gardener-extension-admission-metal' });

export const admissionCases: readonly AlertCase[] = [
  {
    alert: 'AdmissionMetalDown',
    what: 'no replica answers',
    series: { [up('a')]: '1x10 0x60', [up('b')]: '0x60' },
    at: 20,
    fires: [{ summary: 'No replica of admission-metal runs.' }],
  },
  {
    alert: 'AdmissionMetalDown',
    what: 'nothing is scraped at all',
    series: {},
    at: 10,
    fires: [{ summary: 'No replica of admission-metal runs.' }],
  },
  {
    alert: 'AdmissionMetalDown',
    what: 'one of two is enough',
    series: { [up('a')]: '1x60', [up('b')]: '0x60' },
    at: 20,
    fires: [],
  },
  {
    alert: 'AdmissionMetalWithoutLeader',
    what: 'two replicas, none leads',
    series: { [leads('a')]: '0x60', [leads('b')]: '0x60' },
    at: 20,
    fires: [{ summary: 'No replica of admission-metal leads.' }],
  },
  {
    alert: 'AdmissionMetalWithoutLeader',
    what: 'leadership goes over',
    series: { [leads('a')]: '1x10 0x60', [leads('b')]: '0x12 1x60' },
    at: 30,
    fires: [],
  },
  ...webhookCases({
    ...{ job, prefix: 'AdmissionMetal', webhook: '/webhooks/validate' },
    names: { errors: 'Errors', slow: 'Slow', apiErrors: 'ApiErrors' },
    apiErrors: 'API servers refuse calls of admission-metal, or cannot be reached.',
  }),
];
