/** Output that a page shows, and what prints it. */
export interface Output {
  readonly file: string;
  /** How its first line begins. */
  readonly begins: string;
  /** Shell command; absent: `make up` itself. */
  readonly command?: string;
}

const both = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'both', namespace: 'garden-local', labels: { 'provider.shoot.gardener.cloud/metal': 'true' } },
  stringData: { metalAPIHMac: 'a', metalAPIKey: 'b' },
};
const deprecated =
  "sed 's/^  name: example$/  name: warned/; s/kind: ControlPlaneConfig/&\\n      featureGates: {clusterAudit: true}/'";
const refused = { begins: 'The Shoot "refused" is invalid:', command: 'kubectl apply -f example/shoot-refused.yaml' };

export const outputs: readonly Output[] = [
  { file: 'README.md', begins: '✔ etcd' },
  { file: 'docs/operations/admission.md', ...refused },
  { file: 'docs/usage/admission.md', ...refused },
  {
    file: 'docs/usage/admission.md',
    begins: 'The Secret "both" is invalid:',
    command: `echo '${JSON.stringify(both)}' | kubectl apply -f -`,
  },
  {
    file: 'docs/usage/admission.md',
    begins: 'Warning: ',
    command: `${deprecated} example/shoot.yaml | kubectl create --dry-run=server -f - | sed 's/ (server dry run)//'`,
  },
  {
    file: 'docs/usage/plan.md',
    begins: 'Shoot garden-local/example is allowed by admission',
    command: 'espalier plan -f example/shoot.yaml example/cloudprofile.yaml -o summary',
  },
];

/** What is shown and cannot be had here. */
export const notHere: readonly (Output & { readonly why: string })[] = [
  { file: 'README.md', begins: 'Test Files', why: 'the end of this very run' },
  { file: 'docs/operations/doctor.md', begins: 'garden', why: 'nothing is damaged here' },
  { file: 'docs/operations/doctor.md', begins: 'could not look at', why: 'everything answers here' },
];
