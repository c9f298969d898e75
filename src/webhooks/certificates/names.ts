/** What certificates and their Secrets are called; as the Go extension library does, so that operators find them. */
export interface CertificateNames {
  /** Value of the label `manager-identity`. */
  readonly identity: string;
  readonly ca: string;
  readonly server: string;
  /** CN of the server certificate. */
  readonly commonName: string;
}

/** `component`: e.g. `admission-metal`, `provider-metal`. */
export function certificateNames(component: string): CertificateNames {
  return {
    identity: `gardener-extension-${component}-webhook`,
    ca: `ca-${component}-webhook`,
    server: `${component}-webhook-server`,
    commonName: component,
  };
}
