import type { KubeObject } from '../../../../kube/object.ts';
import { namespace } from '../../../objects.ts';

/** The firewall looks for its policies here and nowhere else. */
export const FIREWALL_NAMESPACE = 'firewall';

export const firewallNamespace = (): KubeObject => namespace({ metadata: { name: FIREWALL_NAMESPACE } });
