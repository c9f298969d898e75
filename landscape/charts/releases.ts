import { charts } from './helm.ts';
import type { Release } from './release.ts';

/** Nobody pulls it: landscape/pods has the bundle in its place. */
const repository = 'registry.local/espalier';
const common = { replicaCount: 1, logFormat: 'text' };

export interface Espalier {
  readonly controllers: Release;
  readonly admission: Release;
}

/** The charts, for one build; `config`: fields of a ControllerConfiguration. */
export function espalierReleases(config: object, tag = 'dev'): Espalier {
  const image = { repository, tag };
  return {
    controllers: {
      chart: charts.controllers,
      namespace: 'extension-provider-metal',
      name: 'gardener-extension-provider-metal',
      values: { ...common, image, config },
    },
    admission: {
      chart: charts.admission,
      namespace: 'garden',
      name: 'gardener-extension-admission-metal',
      values: { runtime: { ...common, image } },
    },
  };
}
