import { type ClusterSnapshot, type Finding, isOld, isSettled } from '../providers/doctor.ts';

/** The label that Secrets of metal's MachineClasses have always had; no other provider writes it (metal-provider 3.4). */
const ownLabel = ['garden.sapcloud.io/purpose', 'machineclass'] as const;

/** Classes that no machine is made from any more, and Secrets that no class refers to. */
export function machineClassFindings(snapshot: ClusterSnapshot, now: number): readonly Finding[] {
  if (!isSettled(snapshot)) return [];
  return [...staleClasses(snapshot, now), ...staleSecrets(snapshot, now)];
}

function staleClasses({ namespace, ...seed }: ClusterSnapshot, now: number): readonly Finding[] {
  const used = new Set([
    ...seed.machineDeployments.map(({ spec }) => spec.template.spec.class.name),
    ...seed.machineSets.flatMap(({ spec }) => [spec.template?.spec.class.name, spec.machineClass?.name]),
    ...seed.machines.map(({ spec }) => spec.class.name),
  ]);
  return seed.machineClasses
    .filter(({ metadata }) => !used.has(metadata.name) && !metadata.deletionTimestamp)
    .filter(({ metadata }) => isOld(metadata.creationTimestamp, now))
    .map(({ metadata }) => ({
      ...{ severity: 'warning', kind: 'MachineClassStale', object: `MachineClass ${metadata.name}` },
      ...{ cluster: namespace, message: 'no MachineDeployment, MachineSet or Machine refers to it' },
      advice: 'Reconcile the Shoot: it is deleted then',
    }));
}

function staleSecrets({ namespace, machineClasses, classSecrets }: ClusterSnapshot, now: number): readonly Finding[] {
  const used = secretsOf(machineClasses);
  return classSecrets
    .filter(({ metadata }) => !used.has(metadata.name) && !metadata.deletionTimestamp)
    .filter(({ metadata }) => isOld(metadata.creationTimestamp, now))
    .map(({ metadata }) => {
      const { name, uid = '', labels = {} } = metadata;
      const isOurs = labels[ownLabel[0]] === ownLabel[1] && name.startsWith(`${namespace}-`) && uid !== '';
      return {
        ...{ severity: 'warning', kind: 'ClassSecretStale', object: `Secret ${name}`, cluster: namespace },
        message: 'is the Secret of a MachineClass, and no MachineClass refers to it',
        advice: isOurs ? 'Delete it' : 'Find out whose it is before it is deleted',
        ...(isOurs ? { fix: { action: 'delete', kind: 'Secret', key: { namespace, name }, uid } } : {}),
      } satisfies Finding;
    });
}

/** Names of the Secrets that classes of a namespace need. A class and its Secret have one name. */
export function secretsOf(
  machineClasses: readonly {
    readonly metadata: { readonly name: string };
    readonly secretRef?: { readonly name: string };
    readonly credentialsSecretRef?: { readonly name: string };
  }[],
): ReadonlySet<string> {
  const names = machineClasses.flatMap(({ metadata, secretRef, credentialsSecretRef }) => [
    metadata.name,
    ...(secretRef ? [secretRef.name] : []),
    ...(credentialsSecretRef ? [credentialsSecretRef.name] : []),
  ]);
  return new Set(names);
}
