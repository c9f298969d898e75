import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ClientMode } from '../webhooks/registration.ts';
import type { admissionFlags } from './admission-flags.ts';
import { type FlagValues, UsageError } from './flags.ts';
import { podNamespace } from './pod.ts';

export type AdmissionValues = FlagValues<typeof admissionFlags>;

/** What the flags and the environment of `espalier admission` mean together. */
export interface AdmissionSettings {
  /** Path of the garden's kubeconfig; undefined for the usual places. */
  readonly garden: string | undefined;
  /** Whether Secrets and the Lease are in another cluster than the garden: the one that the pod runs in. */
  readonly hasSource: boolean;
  readonly clientMode: ClientMode;
  /** Of the Secrets with certificates; undefined to keep them in memory. */
  readonly namespace: string | undefined;
  readonly ownerNamespace: string | undefined;
  /** Directory with certificate files; undefined to make certificates. */
  readonly certDir: string | undefined;
  /** Undefined without leader election. */
  readonly lease: { readonly namespace: string; readonly name: string } | undefined;
}

/** Throws UsageError for what is missing. */
export function settleAdmission(values: AdmissionValues, env: NodeJS.ProcessEnv): AdmissionSettings {
  const hasSource = env.SOURCE_CLUSTER === 'enabled';
  const namespace = values['webhook-config-namespace'];
  const directory = values['webhook-config-cert-dir'];
  return {
    garden: env.GARDEN_KUBECONFIG || values.kubeconfig,
    hasSource,
    clientMode: clientModeOf(values),
    namespace,
    // With a source cluster the namespace is not one of the garden.
    ownerNamespace: values['webhook-config-owner-namespace'] ?? (hasSource ? undefined : namespace),
    certDir: directory && hasFiles(directory) ? directory : undefined,
    lease: leaseOf(values),
  };
}

type ClientModeFlag = 'mode' | 'url' | 'namespace' | 'service-port';

/** How API servers reach the webhooks. Throws UsageError for what is missing. */
export function clientModeOf(values: Pick<AdmissionValues, `webhook-config-${ClientModeFlag}`>): ClientMode {
  const mode = values['webhook-config-mode'];
  if (mode === 'url') {
    const url = values['webhook-config-url'];
    if (!url) throw new UsageError('--webhook-config-url is required for --webhook-config-mode=url');
    if (!URL.canParse(`https://${url.replace(/^https:\/\//, '')}`)) {
      throw new UsageError(`--webhook-config-url=${url}: must be a host, or host:port`);
    }
    return { mode, url };
  }
  const namespace = values['webhook-config-namespace'] ?? podNamespace();
  if (!namespace) throw new UsageError(`--webhook-config-namespace is required for --webhook-config-mode=${mode}`);
  return { mode, namespace, servicePort: values['webhook-config-service-port'] };
}

function leaseOf(values: AdmissionValues): AdmissionSettings['lease'] {
  if (!values['leader-election']) return undefined;
  const namespace = values['leader-election-namespace'] ?? values['webhook-config-namespace'] ?? podNamespace();
  if (!namespace) throw new UsageError('--leader-election-namespace is required outside of a cluster');
  return { namespace, name: values['leader-election-id'] };
}

function hasFiles(directory: string): boolean {
  return ['tls.crt', 'tls.key'].every((name) => existsSync(join(directory, name)));
}
