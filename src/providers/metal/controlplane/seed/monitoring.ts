import type { KubeObject } from '../../../../kube/object.ts';
import { serviceMonitor } from '../../../objects.ts';
import type { ControlPlaneModel } from '../model.ts';
import { CCM_SELECTOR } from './cloud-controller-manager.ts';
import { FCM_SELECTOR } from './firewall-controller-manager.ts';

/** What the Prometheus of the shoot scrapes (gardener-contract 3.9). */
export function monitoring({ namespace }: ControlPlaneModel): readonly KubeObject[] {
  const labels = { prometheus: 'shoot' };
  return [
    serviceMonitor({
      metadata: { name: 'shoot-cloud-controller-manager', namespace, labels },
      spec: {
        selector: { matchLabels: CCM_SELECTOR },
        endpoints: [
          {
            port: 'metrics',
            scheme: 'https',
            // Pods are called by their addresses, which are in no certificate.
            tlsConfig: { insecureSkipVerify: true },
            authorization: { credentials: { name: 'shoot-access-prometheus-shoot', key: 'token' } },
            relabelings,
          },
        ],
      },
    }),
    serviceMonitor({
      metadata: { name: 'shoot-firewall-controller-manager', namespace, labels },
      spec: { selector: { matchLabels: FCM_SELECTOR }, endpoints: [{ port: 'metrics', relabelings }] },
    }),
  ];
}

const relabelings = [{ action: 'labelmap', regex: '__meta_kubernetes_service_label_(.+)' }];
