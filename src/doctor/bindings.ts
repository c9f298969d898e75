import { keyOf, type ObjectKey } from '../kube/object.ts';
import type { Finding } from '../providers/doctor.ts';
import type { GardenShoot } from './garden-shoot.ts';

/** A SecretBinding or CredentialsBinding of the type. */
export interface BindingFact {
  readonly kind: string;
  readonly key: ObjectKey;
  /** What it names, e.g. `Secret garden-p/metal`. */
  readonly reference: string;
  /** What is wrong with it; no value of the Secret is in it. Undefined when there is no such Secret. */
  readonly faults: readonly string[] | undefined;
}

/** Credentials with which no Shoot can be reconciled. */
export function bindingFindings(bindings: readonly BindingFact[], shoots: readonly GardenShoot[]): readonly Finding[] {
  return bindings.flatMap((binding): Finding[] => {
    const { kind, key, reference, faults } = binding;
    if (faults?.length === 0) return [];
    const { length } = shoots.filter((shoot) => uses(shoot, binding));
    const users = length > 0 ? `, and ${length} ${length === 1 ? 'Shoot uses' : 'Shoots use'} it` : '';
    const about = { severity: length > 0 ? 'error' : 'warning', object: `${kind} ${keyOf(key)}`, cluster: '' } as const;
    if (faults) {
      const message = `names ${reference}, which is not valid: ${faults.join('; ')}${users}`;
      return [{ ...about, kind: 'BindingInvalid', message, advice: 'Correct the credentials' }];
    }
    const message = `names ${reference}, which does not exist${users}`;
    return [{ ...about, kind: 'BindingWithoutSecret', message, advice: 'Create the Secret, or delete the binding' }];
  });
}

function uses({ metadata, spec }: GardenShoot, { kind, key }: BindingFact): boolean {
  const name = kind === 'SecretBinding' ? spec.secretBindingName : spec.credentialsBindingName;
  return metadata.namespace === key.namespace && name === key.name;
}
