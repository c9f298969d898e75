const bySsa = 'the API server asks for it itself, when a patch that applies makes the object';
const stale = 'what a run knew of its object was out of date';
const raced = 'another made it at the same time, or the answer to the call that made it was lost';
const restore = 'control planes that have moved to this seed';
const written = 'another writes it while it is let go of by force';
const change = 'what is wanted of it has changed';
const rotation = 'certificates are rotated, or webhooks change with a new version';
const waiting = 'deletion waits for firewalls that firewall-controller-manager has not removed yet';

/** Rights that the life of one Shoot does not use, and what they are for. */
export const seldom: Readonly<Record<'controllers' | 'admission', Readonly<Record<string, string>>>> = {
  controllers: {
    'get infrastructures.extensions.gardener.cloud': stale,
    'get controlplanes.extensions.gardener.cloud': stale,
    'get workers.extensions.gardener.cloud': stale,
    'get managedresources.resources.gardener.cloud': raced,
    'patch managedresources.resources.gardener.cloud': change,
    'patch secrets': `${change}; migration takes finalizers away`,
    'patch events': 'an event happens again',
    'create namespaces': bySsa,
    'create customresourcedefinitions.apiextensions.k8s.io': bySsa,
    'patch customresourcedefinitions.apiextensions.k8s.io': 'the seed has them in another version, or not at all',
    'deletecollection pods': 'machine-controller-manager hangs while a Worker is deleted',
    'get machineclasses.machine.sapcloud.io': raced,
    'get machinedeployments.machine.sapcloud.io': raced,
    'get machinesets.machine.sapcloud.io': raced,
    'get machines.machine.sapcloud.io': raced,
    'patch machineclasses.machine.sapcloud.io': change,
    'create machinesets.machine.sapcloud.io': restore,
    'create machines.machine.sapcloud.io': restore,
    'delete machinesets.machine.sapcloud.io': `${restore}, and are deleted before that is done`,
    'delete machines.machine.sapcloud.io': `${restore}, and are deleted before that is done`,
    'create firewalls.firewall.metal-stack.io': restore,
    'get firewalls.firewall.metal-stack.io': written,
    'get firewallsets.firewall.metal-stack.io': written,
    'watch firewalls.firewall.metal-stack.io': waiting,
    'watch firewallsets.firewall.metal-stack.io': waiting,
    'patch firewalldeployments.firewall.metal-stack.io': change,
    'update mutatingwebhookconfigurations.admissionregistration.k8s.io': rotation,
    'update validatingwebhookconfigurations.admissionregistration.k8s.io': rotation,
  },
  admission: {
    'get cloudprofiles.core.gardener.cloud': 'a review comes before the cache has the profile',
    'get namespacedcloudprofiles.core.gardener.cloud': 'a review comes before the cache has the profile',
    'update mutatingwebhookconfigurations.admissionregistration.k8s.io': rotation,
    'update validatingwebhookconfigurations.admissionregistration.k8s.io': rotation,
    'delete secrets in garden': 'certificates that are no longer trusted',
  },
};
