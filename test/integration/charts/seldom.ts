const early = 'a review comes before the cache has the profile';

/** Rights that the Shoots of charts-rbac.test.ts do not use, and what they are for. */
export const seldom: Readonly<Record<'controllers' | 'admission', Readonly<Record<string, string>>>> = {
  controllers: {
    'deletecollection pods': 'machine-controller-manager has done nothing for a MachineDeployment for two minutes',
  },
  admission: {
    'get cloudprofiles.core.gardener.cloud': early,
    'get namespacedcloudprofiles.core.gardener.cloud': early,
  },
};
