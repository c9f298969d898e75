import type { V1PodSpec } from '@kubernetes/client-node';
import type { KubeObject } from '../../../../kube/object.ts';
import { secret, service } from '../../../objects.ts';
import { configurationProblem } from '../../errors.ts';
import { held } from '../held.ts';
import type { ControlPlaneModel } from '../model.ts';
import { FCM_SERVER } from '../secrets.ts';
import { controller } from './controller.ts';
import { firewallControllerManagerAccess } from './firewall-access.ts';
import { checksumsOf, credential, image, restrictedContainer, seedAccessLabels } from './pods.ts';

const NAME = 'firewall-controller-manager';
const PORTS = { webhooks: 9443, metrics: 2112, health: 8081 };
export const FCM_SELECTOR = { app: NAME };
/** Has an empty key: the manager insists on a Secret, also where there is no SSH access to machines. */
const NO_SSH = 'firewall-controller-manager-no-ssh';

/** firewall-controller-manager: the firewalls of the cluster (metal-components C, I.2). */
export function firewallControllerManager(model: ControlPlaneModel): readonly KubeObject[] {
  const { namespace } = model;
  return [
    ...firewallControllerManagerAccess(model),
    ...(model.ssh
      ? []
      : [secret({ metadata: { name: NO_SSH, namespace }, type: 'Opaque', data: { 'id_rsa.pub': '' } })]),
    service({
      metadata: { name: NAME, namespace, labels: FCM_SELECTOR, annotations: serviceAnnotations },
      spec: {
        type: 'ClusterIP',
        ports: [
          { name: 'webhooks', port: PORTS.webhooks, protocol: 'TCP' },
          { name: 'metrics', port: PORTS.metrics, protocol: 'TCP' },
        ],
        selector: FCM_SELECTOR,
      },
    }),
    ...controller(model, {
      name: NAME,
      selector: FCM_SELECTOR,
      podLabels: seedAccessLabels,
      podAnnotations: checksumsOf(model, FCM_SERVER, 'cloudprovider'),
      podSpec: podSpec(model),
    }),
  ];
}

const allowed = (port: number): string => JSON.stringify([{ port, protocol: 'TCP' }]);

const serviceAnnotations = {
  'networking.resources.gardener.cloud/from-world-to-ports': allowed(PORTS.webhooks),
  'networking.resources.gardener.cloud/from-all-webhook-targets-allowed-ports': allowed(PORTS.webhooks),
  'networking.resources.gardener.cloud/from-all-scrape-targets-allowed-ports': allowed(PORTS.metrics),
  'networking.resources.gardener.cloud/from-all-seed-scrape-targets-allowed-ports': allowed(PORTS.metrics),
};

function podSpec(model: ControlPlaneModel): V1PodSpec {
  return {
    serviceAccountName: NAME,
    containers: [
      {
        name: NAME,
        ...image(model, NAME),
        args: flags(model),
        env: [credential('METAL_AUTH_HMAC', hmacOf(model))],
        ports: Object.entries(PORTS).map(([name, containerPort]) => ({ name, containerPort, protocol: 'TCP' })),
        livenessProbe: probe('/healthz', { initialDelaySeconds: 15, periodSeconds: 20 }),
        readinessProbe: probe('/readyz', { initialDelaySeconds: 5, periodSeconds: 10 }),
        resources: { requests: { cpu: '100m', memory: '64Mi' } },
        securityContext: restrictedContainer,
        volumeMounts: [
          { name: 'webhook-certs', mountPath: '/certs', readOnly: true },
          { name: 'token-dir', mountPath: '/token' },
        ],
      },
    ],
    volumes: [
      { name: 'webhook-certs', secret: { secretName: held(model.secrets, FCM_SERVER).name } },
      { name: 'token-dir', emptyDir: {} },
    ],
  };
}

/** The check asks the seed's API server, which may take longer than the second that a probe has by default. */
const probe = (path: string, times: { initialDelaySeconds: number; periodSeconds: number }) => ({
  httpGet: { path, port: 'health' },
  timeoutSeconds: 5,
  ...times,
});

function hmacOf({ metalApi }: ControlPlaneModel): 'metalAPIHMac' {
  if (metalApi.credentials === 'metalAPIHMac') return metalApi.credentials;
  throw configurationProblem(
    "firewall-controller-manager can only sign its calls: set metalAPIHMac instead of metalAPIKey in the shoot's credentials",
  );
}

function flags(model: ControlPlaneModel): string[] {
  const { health, create } = model.firewallTimeouts;
  return [
    '-cert-dir=/certs',
    '-log-level=info',
    `-seed-api-url=${model.seedApiUrl}`,
    `-shoot-api-url=${model.shootApiUrl}`,
    '-internal-shoot-api-url=https://kube-apiserver',
    `-cluster-id=${model.clusterID}`,
    '-enable-leader-election',
    `-metal-api-url=${model.metalApi.url}`,
    `-namespace=${model.namespace}`,
    `-shoot-kubeconfig-secret-name=${model.genericKubeconfigSecret}`,
    `-shoot-token-secret-name=shoot-access-${NAME}`,
    `-ssh-key-secret-name=${model.ssh?.secretName ?? NO_SSH}`,
    '-shoot-token-path=/token',
    ...(health ? [`-firewall-health-timeout=${health}`] : []),
    ...(create ? [`-create-timeout=${create}`] : []),
  ];
}
