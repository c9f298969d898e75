/** API group of the provider configurations and statuses of provider type `metal`. */
export const METAL_API_VERSION = 'metal.provider.extensions.gardener.cloud/v1alpha1';

/** API group of the file that `--config-file` names. */
export const METAL_CONFIG_API_VERSION = 'metal.provider.extensions.config.gardener.cloud/v1alpha1';
