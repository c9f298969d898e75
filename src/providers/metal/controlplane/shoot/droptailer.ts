import type { KubeObject } from '../../../../kube/object.ts';
import { deployment, networkPolicy, secret } from '../../../objects.ts';
import { held } from '../held.ts';
import type { ControlPlaneModel } from '../model.ts';
import { FIREWALL_NAMESPACE } from './firewall-namespace.ts';
import { confined, runtimeDefault } from './pods.ts';

const named = (name: string) => ({ name, namespace: FIREWALL_NAMESPACE });
const selected = { 'k8s-app': 'droptailer' };
const SERVER = 'droptailer-server';

/** Prints what the firewall drops. The firewall sends it, with the client's certificate (metal-components B.14). */
export const droptailer = (model: ControlPlaneModel): readonly KubeObject[] => [
  networkPolicy({
    metadata: named('droptailer'),
    spec: { podSelector: { matchLabels: selected }, policyTypes: ['Egress'] },
  }),
  certificate(model, SERVER),
  certificate(model, 'droptailer-client'),
  deployment({
    metadata: { ...named('droptailer'), labels: selected },
    spec: {
      revisionHistoryLimit: 2,
      selector: { matchLabels: selected },
      template: {
        metadata: {
          // firewall-controller finds the pod by `app`.
          labels: { ...selected, app: 'droptailer', 'networking.gardener.cloud/from-prometheus': 'allowed' },
          annotations: { [`checksum/secret-${SERVER}`]: held(model.checksums, SERVER) },
        },
        spec: {
          priorityClassName: 'system-cluster-critical',
          automountServiceAccountToken: false,
          securityContext: { runAsNonRoot: true, runAsUser: 65_534, seccompProfile: runtimeDefault },
          containers: [
            {
              name: 'droptailer',
              image: model.images('droptailer'),
              imagePullPolicy: model.imagePullPolicy,
              ports: [{ containerPort: 50_051, protocol: 'TCP' }],
              env: [
                { name: 'SERVER_CERTIFICATE', value: '/certificates/tls.crt' },
                { name: 'SERVER_KEY', value: '/certificates/tls.key' },
                { name: 'SERVER_CA_CERTIFICATE', value: '/certificates/ca.crt' },
              ],
              volumeMounts: [{ name: SERVER, mountPath: '/certificates', readOnly: true }],
              resources: { limits: { cpu: '50m', memory: '200Mi' } },
              securityContext: confined,
            },
          ],
          volumes: [{ name: SERVER, secret: { secretName: SERVER } }],
        },
      },
    },
  }),
];

const certificate = ({ secrets }: ControlPlaneModel, name: string): KubeObject =>
  secret({ metadata: named(name), type: 'Opaque', data: { ...held(secrets, name).data } });
