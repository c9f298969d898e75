import type { V1Container, V1EnvVar, V1PodSpec, V1Volume } from '@kubernetes/client-node';
import type { KubeObject } from '../../../../kube/object.ts';
import { held } from '../held.ts';
import type { ControlPlaneModel } from '../model.ts';
import { METALLB_CERTIFICATE } from '../secrets.ts';
import { confined, everyNode, runtimeDefault } from './pods.ts';

/** Of the Secret with the certificate that the controller serves with. */
export const METALLB_SECRET = 'webhook-server-cert';

/** A Deployment or DaemonSet as MetalLB publishes it. */
interface Workload extends KubeObject {
  readonly spec: {
    readonly template: {
      readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
      readonly spec: V1PodSpec;
    };
  };
}

const resources = { limits: { cpu: '100m', memory: '100Mi' } };

/**
 * With the certificate from outside, which it must not rotate then, and beside it the sidecar that watches it. `all` in its
 * capabilities is not what Pod Security takes for ALL.
 */
export function controller(workload: Workload, model: ControlPlaneModel): KubeObject {
  const checksum = held(model.checksums, METALLB_CERTIFICATE);
  const args = [`--webhook-secret=${METALLB_SECRET}`, '--disable-cert-rotation=true'];
  const change = (container: V1Container): V1Container => ({
    ...container,
    args: [...(container.args ?? []), ...args],
    image: model.images('metallb-controller'),
    imagePullPolicy: model.imagePullPolicy,
    resources,
    securityContext: { ...container.securityContext, ...confined },
  });
  const sidecar: V1Container = {
    name: 'health',
    image: model.images('metallb-health-sidecar'),
    imagePullPolicy: model.imagePullPolicy,
    resources: { limits: { cpu: '100m', memory: '250Mi' } },
    securityContext: confined,
  };
  return withPod(workload, { 'checksum/secret-metallb-webhook-server': checksum }, (pod) => ({
    ...pod,
    priorityClassName: 'system-cluster-critical',
    securityContext: { ...pod.securityContext, seccompProfile: runtimeDefault },
    containers: [...pod.containers.map(change), sidecar],
    volumes: (pod.volumes ?? []).map(withCertificate),
  }));
}

const withCertificate = (volume: V1Volume): V1Volume =>
  volume.secret ? { ...volume, secret: { ...volume.secret, secretName: METALLB_SECRET } } : volume;

/** Not in the host's network: it peers with the BGP daemon of its node from outside, and its own address is the pod's. */
export function speaker(workload: Workload, model: ControlPlaneModel): KubeObject {
  const change = (container: V1Container): V1Container => ({
    ...container,
    env: (container.env ?? []).map(ownAddress),
    image: model.images('metallb-speaker'),
    imagePullPolicy: model.imagePullPolicy,
    resources,
  });
  return withPod(workload, {}, (pod) => ({
    ...pod,
    hostNetwork: false,
    priorityClassName: 'system-node-critical',
    securityContext: { ...pod.securityContext, seccompProfile: runtimeDefault },
    tolerations: everyNode,
    containers: pod.containers.map(change),
  }));
}

const ownAddress = (variable: V1EnvVar): V1EnvVar =>
  variable.name === 'METALLB_HOST'
    ? { name: variable.name, valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }
    : variable;

function withPod(
  workload: Workload,
  added: Readonly<Record<string, string>>,
  change: (pod: V1PodSpec) => V1PodSpec,
): Workload {
  const { template } = workload.spec;
  const annotations = { ...template.metadata.annotations, ...added };
  const metadata = { ...template.metadata, annotations };
  return { ...workload, spec: { ...workload.spec, template: { metadata, spec: change(template.spec) } } };
}
