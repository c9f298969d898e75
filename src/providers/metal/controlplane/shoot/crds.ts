import type { KubeObject } from '../../../../kube/object.ts';
import { published } from '../../manifests/manifests.ts';
import { held } from '../held.ts';
import type { ControlPlaneModel } from '../model.ts';
import { METALLB_CA } from '../secrets.ts';

interface Definition extends KubeObject {
  readonly spec: { readonly conversion?: { readonly webhook?: { readonly clientConfig: object } } };
}

const CRD = 'CustomResourceDefinition';

/** The kinds that the shoot's components, its firewall and its users need. */
export function customResourceDefinitions(model: ControlPlaneModel): readonly KubeObject[] {
  const { manifests, loadBalancer } = model;
  return [
    ...manifests['firewall-controller'],
    published(manifests['firewall-controller-manager'], CRD, 'firewallmonitors.firewall.metal-stack.io'),
    ...manifests['external-snapshotter'],
    ...(loadBalancer === 'metallb' ? ofMetalLB(model) : []),
  ];
}

function ofMetalLB({ manifests, bundles }: ControlPlaneModel): readonly KubeObject[] {
  const caBundle = held(bundles, METALLB_CA).data['bundle.crt'];
  return manifests.metallb.filter(({ kind }) => kind === CRD).map((object) => trusting(object as Definition, caBundle));
}

/** MetalLB would write the CA of its own certificate there, but the certificate is ours (see metallb-workloads.ts). */
function trusting(definition: Definition, caBundle: string | undefined): Definition {
  const { conversion } = definition.spec;
  if (!conversion?.webhook) return definition;
  const webhook = { ...conversion.webhook, clientConfig: { ...conversion.webhook.clientConfig, caBundle } };
  return { ...definition, spec: { ...definition.spec, conversion: { ...conversion, webhook } } };
}
