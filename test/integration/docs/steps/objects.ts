/** Commands that make what another one is for. */
export const created = (object: object) => `echo '${JSON.stringify(object)}' | kubectl create -f -`;
export const patched = (shoot: string, status: object) =>
  `kubectl patch shoot ${shoot} --subresource=status --type=merge -p '${JSON.stringify({ status })}'`;

export const provider = 'gardener-extension-provider-metal';
export const admission = 'gardener-extension-admission-metal';
