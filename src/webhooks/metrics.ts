import { X509Certificate } from 'node:crypto';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Of one webhook. */
export interface WebhookMeter {
  began(): void;
  /** `code` is the HTTP status, `seconds` since the request's head was read. */
  ended(code: number, seconds: number): void;
}

export interface WebhookMetrics {
  /** Once for each path; its series exist from then on, with 0. */
  webhook(path: string): WebhookMeter;
  /** What is served from now on, PEM, the server's own first. */
  certificate(chain: string): void;
}

/** controller-runtime's metrics of webhooks, under their names and labels. To be called once for a registry. */
export function createWebhookMetrics(registry: Registry): WebhookMetrics {
  const registers = [registry];
  const total = new Counter({
    name: 'controller_runtime_webhook_requests_total',
    help: 'Admission requests by HTTP status code',
    labelNames: ['webhook', 'code'],
    registers,
  });
  const latency = new Histogram({
    name: 'controller_runtime_webhook_latency_seconds',
    help: 'Seconds to answer an admission request',
    labelNames: ['webhook'],
    registers,
  });
  const counts = new Map<string, number>();
  new Gauge({
    name: 'controller_runtime_webhook_requests_in_flight',
    help: 'Admission requests that are served now',
    labelNames: ['webhook'],
    registers,
    collect() {
      for (const [webhook, count] of counts) this.set({ webhook }, count);
    },
  });
  const validUntil = new Gauge({
    name: 'webhook_certificate_expiration_timestamp_seconds',
    help: 'When the served certificate ends, in Unix time',
    registers,
  });
  return {
    certificate: (chain) => validUntil.set(new X509Certificate(chain).validToDate.getTime() / 1000),
    webhook(path) {
      for (const code of [200, 500]) total.inc({ webhook: path, code }, 0);
      const answered = total.labels({ webhook: path, code: 200 });
      const seconds = latency.labels({ webhook: path });
      counts.set(path, 0);
      return {
        began() {
          counts.set(path, (counts.get(path) ?? 0) + 1);
        },
        ended(code, duration) {
          counts.set(path, (counts.get(path) ?? 0) - 1);
          seconds.observe(duration);
          if (code === 200) answered.inc();
          else total.inc({ webhook: path, code });
        },
      };
    },
  };
}
