import { type AlertCase, bucketsOf, seriesOf } from './alert-case.ts';

interface Server {
  readonly job: string;
  /** Of the names of its alerts. */
  readonly prefix: string;
  readonly webhook: string;
  readonly names: Readonly<Record<'errors' | 'slow' | 'apiErrors', string>>;
  readonly apiErrors: string;
}

/** What admission and the controllers have in common. */
export function webhookCases({ job, prefix, webhook, names, apiErrors }: Server): readonly AlertCase[] {
  const requests = (code: string) => seriesOf('controller_runtime_webhook_requests_total', { job, webhook, code });
  const latency = (bounds: readonly [string, string]) =>
    bucketsOf('controller_runtime_webhook_latency_seconds', { job, webhook }, bounds);
  const calls = (code: string) => seriesOf('rest_client_requests_total', { job, method: 'GET', host: 'api', code });
  const end = (instance: string) =>
    seriesOf('webhook_certificate_expiration_timestamp_seconds', { job, instance, pod: instance });
  const errors = `${prefix}${names.errors}`;
  const slow = `${prefix}${names.slow}`;
  const api = `${prefix}${names.apiErrors}`;
  const expires = `${prefix}CertificateExpires`;
  return [
    {
      alert: errors,
      what: 'reviews fail',
      series: { [requests('200')]: '0+60x60', [requests('500')]: '0+1x60' },
      at: 20,
      fires: [{ labels: { webhook }, summary: `A webhook of ${job} fails: ${webhook}.` }],
    },
    {
      alert: errors,
      what: 'refusals and clients that went away are no failures',
      series: { [requests('200')]: '0+60x60', [requests('499')]: '0+5x60', [requests('400')]: '0+5x60' },
      at: 30,
      fires: [],
    },
    {
      alert: errors,
      what: 'one review failed an hour ago',
      series: { [requests('500')]: '0x5 1x60' },
      at: 60,
      fires: [],
    },
    {
      alert: slow,
      what: 'reviews take five to ten seconds',
      series: latency(['5', '10']),
      at: 25,
      fires: [{ labels: { webhook }, summary: `A webhook of ${job} takes more than 5 of its 10 seconds: ${webhook}.` }],
    },
    { alert: slow, what: 'reviews take less than a second', series: latency(['0.5', '1']), at: 25, fires: [] },
    {
      alert: expires,
      what: 'one of two replicas goes on with its old certificate',
      series: { [end('10.0.0.1:8080')]: '80000x60', [end('10.0.0.2:8080')]: '800000x60' },
      at: 20,
      fires: [
        {
          labels: { instance: '10.0.0.1:8080' },
          summary: `The certificate of the webhooks of ${job} ends in less than a day at 10.0.0.1:8080.`,
        },
      ],
    },
    {
      alert: expires,
      what: 'a certificate is renewed two days before its end',
      series: { [end('10.0.0.1:8080')]: '172800x10 864000x60' },
      at: 60,
      fires: [],
    },
    {
      alert: expires,
      what: 'a replica starts, and has none for a moment',
      series: { [end('10.0.0.1:8080')]: '0x5 864000x60' },
      at: 20,
      fires: [],
    },
    {
      alert: api,
      what: 'a right is missing',
      series: { [calls('200')]: '0+10x60', [calls('403')]: '0+5x60' },
      at: 35,
      fires: [{ summary: apiErrors }],
    },
    {
      alert: api,
      what: 'the API server cannot be reached',
      series: { [calls('<error>')]: '0+5x60' },
      at: 35,
      fires: [{ summary: apiErrors }],
    },
    {
      alert: api,
      what: 'what is not there, and what has changed meanwhile, is asked again',
      series: { [calls('200')]: '0+10x60', [calls('404')]: '0+20x60', [calls('409')]: '0+20x60' },
      at: 35,
      fires: [],
    },
  ];
}
