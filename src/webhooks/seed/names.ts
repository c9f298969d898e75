/** Names, as `--disable-webhooks` takes them. The first three are the Go extension's. */
export const seedWebhookNames = [
  'controlplane',
  'seedprovider',
  'shoot',
  'extensions',
  'extensions.validator',
] as const;
