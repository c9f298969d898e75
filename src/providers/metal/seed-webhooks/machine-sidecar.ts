import type { Shoot } from '../../../apis/core/shoot.ts';
import type { MachineController } from '../images.ts';
import type { Container } from './workload.ts';

export const sidecarName = 'machine-controller-manager-provider-metal';
const kubeconfigDir = '/var/run/secrets/gardener.cloud/shoot/generic-kubeconfig';
/** Gardener's Service and ServiceMonitor name it `providermetrics`. */
const port = 10259;

interface Worker {
  readonly controlPlane?: unknown;
}

/** The control plane runs on machines of the Shoot itself. */
function isSelfHosted(shoot: Shoot | undefined): boolean {
  const workers = (shoot?.spec.provider?.workers ?? []) as readonly Worker[];
  return Array.isArray(workers) && workers.some((worker) => worker?.controlPlane != null);
}

function targetKubeconfig(selfHosted: boolean, namespace: string): string {
  if (!selfHosted) return `${kubeconfigDir}/kubeconfig`;
  return namespace === 'kube-system' ? '' : 'none';
}

/** By which a container that was started anew knows the Lease of the one before for its own (record 0007). */
const ownPod = [{ name: 'POD_UID', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.uid' } } }];

/** Machine driver of metal. A broken machine is left alone for a week: bare metal is repaired, not thrown away. */
export function sidecar({ image, command }: MachineController, namespace: string, shoot: Shoot | undefined): Container {
  const selfHosted = isSelfHosted(shoot);
  const isOurs = command.length > 0;
  const container = {
    name: sidecarName,
    image,
    imagePullPolicy: 'IfNotPresent',
    args: [
      ...command,
      '--control-kubeconfig=inClusterConfig',
      '--kube-api-qps=100',
      '--kube-api-burst=200',
      '--machine-creation-timeout=20m',
      '--machine-drain-timeout=2h',
      '--machine-health-timeout=10080m',
      '--machine-safety-apiserver-statuscheck-timeout=30s',
      '--machine-safety-apiserver-statuscheck-period=1m',
      '--machine-safety-orphan-vms-period=30m',
      `--namespace=${namespace}`,
      `--port=${port}`,
      `--target-kubeconfig=${targetKubeconfig(selfHosted, namespace)}`,
      '--v=3',
    ],
    livenessProbe: {
      httpGet: { path: '/healthz', port, scheme: 'HTTP' },
      initialDelaySeconds: 30,
      timeoutSeconds: 5,
      periodSeconds: 10,
      successThreshold: 1,
      failureThreshold: 3,
    },
    ...(isOurs ? { env: ownPod } : {}),
    ports: [{ name: 'providermetrics', containerPort: port, protocol: 'TCP' }],
    resources: { requests: { cpu: '10m', memory: isOurs ? '128Mi' : '20Mi' } },
    securityContext: { allowPrivilegeEscalation: false },
  };
  if (selfHosted) return container;
  const volumeMounts = [{ name: 'kubeconfig', mountPath: kubeconfigDir, readOnly: true }];
  return { ...container, volumeMounts } as Container;
}
