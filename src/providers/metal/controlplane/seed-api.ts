import { isIP } from 'node:net';
import { operatorProblem } from '../errors.ts';

const ADVICE = 'set `url` in ConfigMap garden/seed-api-server of the seed to one that firewalls reach';

/**
 * URL of the seed's API server for firewalls (metal-provider 3.3, FCM values): what the operator says, else the host that
 * pods are told. An address is that of a Service within the seed, which no firewall reaches.
 */
export function seedApiUrlOf(override: string | undefined, host: string | undefined): string {
  if (override !== undefined) {
    if (URL.parse(override)?.protocol === 'https:') return override;
    throw operatorProblem(`${JSON.stringify(override)} is not an https URL: ${ADVICE}`);
  }
  if (!host) throw operatorProblem(`the seed's API server is not known (no KUBERNETES_SERVICE_HOST): ${ADVICE}`);
  if (isIP(host)) {
    throw operatorProblem(`the seed's API server is known by its address ${host} only, not by a name: ${ADVICE}`);
  }
  return `https://${host}`;
}
