import type { RequestListener } from 'node:http';
import { all } from '../kube/all.ts';
import type { Clock } from '../kube/clock.ts';
import { sleep } from '../kube/clock.ts';
import { toError } from '../kube/errors.ts';
import type { Logger } from '../kube/logger.ts';
import type { KeyPair } from '../pki/issue.ts';
import type { Address } from '../telemetry/address.ts';
import type { Certificates, Publish } from './certificates/certificates.ts';
import type { WebhookMetrics } from './metrics.ts';
import type { Registrar } from './registrar.ts';
import { serveWebhooks, type WebhookServer } from './server.ts';

export interface HostOptions {
  readonly address: Address;
  readonly listener: RequestListener;
  readonly certificates: Certificates;
  readonly registrar: Registrar;
  /** Where the bundle is needed besides the configurations, e.g. in ManagedResources for shoots. */
  readonly publish?: Publish | undefined;
  readonly metrics?: Pick<WebhookMetrics, 'certificate'> | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The webhook server of one replica, with what keeps its certificate and its registration right. */
export interface WebhookHost {
  readonly port: number;
  /** Throws until API servers are told to call and to trust this server; for readiness. */
  assertRegistered(): void;
  /** Only in the leader: renews certificates, registers, and looks again now and then, until the signal is aborted. */
  lead(signal: AbortSignal): Promise<void>;
  /** Answers what runs, and for a second what still comes, then closes. */
  close(): Promise<void>;
}

const maintainMs = 60_000;
const firstPauseMs = 250;
/** API servers hear from endpoints, and so a moment late, that this replica ends. */
const lingerMs = 1_000;

/** Serves as soon as there is a certificate; rejects when the signal is aborted before, or the address is taken. */
export async function startWebhookHost(options: HostOptions, signal: AbortSignal): Promise<WebhookHost> {
  const { address, listener, certificates, registrar, metrics, clock, log } = options;
  const first = await certificates.open(signal);
  const server = await serveWebhooks(address, listener, first);
  metrics?.certificate(first.cert);
  const closed = new AbortController();
  let isRegistered = false;
  const watching = Promise.all([
    certificates.watch((pair) => reload(server, pair, options), closed.signal),
    untilRegistered(closed.signal),
  ]);

  /** A follower waits for what the leader writes. */
  async function untilRegistered(until: AbortSignal): Promise<void> {
    for (let pause = firstPauseMs; !isRegistered && !until.aborted; pause = Math.min(5_000, pause * 2)) {
      isRegistered ||= await registrar.isRegistered(certificates.bundle, until).catch(() => false);
      if (!isRegistered) await sleep(clock, pause, until).catch(() => undefined);
    }
  }
  const publish: Publish = async (bundle, until) => {
    // What was late here would otherwise overwrite what the next try writes.
    await all([registrar.register(bundle, until), options.publish?.(bundle, until)]);
    // A chart may not have written the configuration yet that the bundle is for.
    isRegistered ||= await registrar.isRegistered(bundle, until);
  };
  return {
    port: server.port,
    assertRegistered() {
      if (!isRegistered) throw new Error('the webhook configuration does not name this server yet');
    },
    async lead(until) {
      let failures = 0;
      while (!until.aborted) {
        try {
          await certificates.maintain(publish, until);
          failures = 0;
        } catch (error) {
          if (!until.aborted) log.error({ error: toError(error) }, 'Webhooks could not be registered');
          failures += 1;
        }
        const pause = failures === 0 ? maintainMs : Math.min(maintainMs, firstPauseMs * 2 ** failures);
        await sleep(clock, pause, until).catch(() => undefined);
      }
    },
    async close() {
      closed.abort(new Error('closed'));
      await Promise.all([server.drain({ lingerMs }), watching]);
    },
  };
}

function reload(server: WebhookServer, pair: KeyPair, { metrics, log }: HostOptions): void {
  try {
    server.reload(pair);
    metrics?.certificate(pair.cert);
    log.info({}, 'Reloaded the server certificate');
  } catch (error) {
    log.error({ error: toError(error) }, 'Server certificate cannot be used');
  }
}
