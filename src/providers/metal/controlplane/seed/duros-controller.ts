import type { V1PodSpec } from '@kubernetes/client-node';
import type { Duros } from '../../../../apis/storage/duros.ts';
import type { KubeObject } from '../../../../kube/object.ts';
import { networkPolicy, secret, serviceAccount } from '../../../objects.ts';
import { secretChecksum } from '../../../secrets.ts';
import type { ControlPlaneModel, DurosModel } from '../model.ts';
import { rights, rule } from '../rbac.ts';
import { controller } from './controller.ts';
import {
  image,
  kubeconfigMount,
  kubeconfigVolume,
  restrictedContainer,
  SHOOT_KUBECONFIG,
  seedAccessLabels,
} from './pods.ts';

const NAME = 'duros-controller';
const ADMIN = 'duros-admin';
const ADMIN_DIR = '/duros';
const SELECTOR = { app: NAME };

/** duros-controller: makes the storage of a partition available to the shoot (metal-provider 4.2). */
export function durosController(model: ControlPlaneModel): readonly KubeObject[] {
  const { namespace, duros } = model;
  if (!duros) return [];
  const data = adminData(duros);
  return [
    ...access(namespace),
    secret({ metadata: { name: ADMIN, namespace, labels: SELECTOR }, type: 'Opaque', data }),
    ...controller(model, {
      name: NAME,
      selector: SELECTOR,
      podLabels: seedAccessLabels,
      podAnnotations: { [`checksum/secret-${ADMIN}`]: secretChecksum(data) },
      podSpec: podSpec(model, duros),
    }),
    egressToStorage(namespace),
    storage(model, duros),
  ];
}

function adminData({ adminKey, adminToken, apiCA, apiCertificate }: DurosModel): Record<string, string> {
  const texts = {
    'admin-key': adminKey,
    'admin-token': adminToken,
    ...(apiCA ? { 'api-ca': apiCA } : {}),
    ...(apiCertificate ? { 'api-cert': apiCertificate.cert, 'api-key': apiCertificate.key } : {}),
  };
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString('base64')]));
}

function access(namespace: string): readonly KubeObject[] {
  const account = { name: NAME, namespace };
  return [
    serviceAccount({ metadata: account }),
    ...rights(NAME, account, [
      rule(
        'storage.metal-stack.io',
        ['duros', 'duros/status'],
        ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'],
      ),
      {
        apiGroups: ['', 'coordination.k8s.io'],
        resources: ['configmaps', 'leases', 'events'],
        verbs: ['get', 'watch', 'create', 'update', 'patch'],
      },
    ]),
  ];
}

function podSpec(model: ControlPlaneModel, { endpoints, apiEndpoint, apiCA, apiCertificate }: DurosModel): V1PodSpec {
  return {
    serviceAccountName: NAME,
    containers: [
      {
        name: NAME,
        ...image(model, NAME),
        args: [
          `-endpoints=${endpoints.join(',')}`,
          `-namespace=${model.namespace}`,
          '-enable-leader-election',
          `-admin-token=${ADMIN_DIR}/admin-token`,
          `-admin-key=${ADMIN_DIR}/admin-key`,
          `-shoot-kubeconfig=${SHOOT_KUBECONFIG}`,
          `-api-endpoint=${apiEndpoint}`,
          ...(apiCA ? [`-api-ca=${ADMIN_DIR}/api-ca`] : []),
          ...(apiCertificate ? [`-api-cert=${ADMIN_DIR}/api-cert`, `-api-key=${ADMIN_DIR}/api-key`] : []),
        ],
        resources: { requests: { cpu: '100m', memory: '32Mi' } },
        securityContext: restrictedContainer,
        volumeMounts: [{ name: ADMIN, mountPath: ADMIN_DIR, readOnly: true }, kubeconfigMount],
      },
    ],
    volumes: [{ name: ADMIN, secret: { secretName: ADMIN } }, kubeconfigVolume(model, NAME)],
  };
}

/** To a proxy of the storage's API also where that runs in the seed, in a namespace that Gardener does not know. */
const egressToStorage = (namespace: string): KubeObject =>
  networkPolicy({
    metadata: { name: 'egress-from-duros-controller-to-storage', namespace },
    spec: {
      podSelector: { matchLabels: SELECTOR },
      policyTypes: ['Egress'],
      egress: [
        {
          ports: [443, 25_005].map((port) => ({ port, protocol: 'TCP' })),
          to: ['0.0.0.0/0', '::/0'].map((cidr) => ({ ipBlock: { cidr } })),
        },
      ],
    },
  });

const storage = ({ namespace, projectID }: ControlPlaneModel, { storageClasses }: DurosModel): Duros => ({
  apiVersion: 'storage.metal-stack.io/v1',
  kind: 'Duros',
  metadata: { name: 'shoot-default-storage', namespace },
  spec: { metalProjectID: projectID, storageClasses },
});
