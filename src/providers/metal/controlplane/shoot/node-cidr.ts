import type { KubeObject } from '../../../../kube/object.ts';
import { configMap } from '../../../objects.ts';
import type { ControlPlaneModel } from '../model.ts';

/** Tells pods of the shoot where its nodes are: the CIDR of the primary family. */
export const nodeCIDR = ({ nodeCIDRs }: ControlPlaneModel): KubeObject =>
  configMap({
    metadata: { name: 'shoot-info-node-cidr', namespace: 'kube-system' },
    data: { 'node-cidr': nodeCIDRs[0] ?? '' },
  });
