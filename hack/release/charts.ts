/** What is published; Gardener gets charts from OCI registries by `<repository>/<name of the chart>`. */
export const charts = [
  { dir: 'charts/gardener-extension-provider-metal', repository: '' },
  {
    dir: 'charts/gardener-extension-admission-metal/charts/runtime',
    repository: '/gardener-extension-admission-metal',
  },
  {
    dir: 'charts/gardener-extension-admission-metal/charts/application',
    repository: '/gardener-extension-admission-metal',
  },
  // Both at once, for those who install by hand.
  { dir: 'charts/gardener-extension-admission-metal', repository: '' },
] as const;
