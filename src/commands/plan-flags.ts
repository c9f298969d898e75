import { choice, cidrs, files, flag, optionalText, text } from './flag-types.ts';

/** Flags of `espalier plan`, named like those of kubectl where it has them. */
export const planFlags = {
  filename: files({
    short: 'f',
    help: 'Files with YAML or JSON documents: the Shoot, its CloudProfile, and what else is known (Seed, Project, CredentialsBinding and Secret, ControllerConfiguration, MetalApiState, objects of the seed). A directory stands for its *.yaml, *.yml and *.json, - for standard input. May be given again.',
  }),
  shoot: optionalText('[namespace/]name', { help: 'The Shoot to plan, when the files have several.' }),
  output: choice(['yaml', 'json', 'summary'], 'yaml', { short: 'o', help: 'What standard output gets.' }),
  diff: flag(false, {
    help: 'Begin with what the seed of --kubeconfig has, and print what would change there. Nothing is written.',
  }),
  kubeconfig: optionalText('path', {
    help: 'Kubeconfig of the seed, for --diff. Without it: $KUBECONFIG, or ~/.kube/config.',
  }),
  'seed-api-host': text('host', 'api.seed.example.com', {
    env: 'KUBERNETES_SERVICE_HOST',
    help: "Host of the seed's API server as pods are told it, for firewalls; ConfigMap garden/seed-api-server comes first.",
  }),
  'node-cidr': cidrs('10.0.0.0/22,fd00:0:0:1::/64', {
    help: 'What metal-api is taken to allocate as node network, the first of each address family.',
  }),
};
