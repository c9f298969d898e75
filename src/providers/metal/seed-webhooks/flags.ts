import type { Container } from './workload.ts';

type List = 'command' | 'args';
type Change = (items: readonly string[]) => readonly string[];

/** Drops flags that begin with one of the prefixes, `--cloud-config=`, from command and args. */
export function withoutFlags(container: Container, prefixes: readonly string[]): Container {
  const drop: Change = (items) => items.filter((item) => !prefixes.some((prefix) => item.startsWith(prefix)));
  return inList(inList(container, 'command', drop), 'args', drop);
}

/** Sets a flag where the container has it, and otherwise where its flags are. Repetitions of it are dropped. */
export function withFlag(container: Container, flag: string, value: string): Container {
  const prefix = `${flag}=`;
  return inList(container, listOf(container, prefix), (items) => {
    const at = items.findIndex((item) => item.startsWith(prefix));
    if (at < 0) return [...items, `${prefix}${value}`];
    return items.flatMap((item, index) => {
      if (index === at) return [`${prefix}${value}`];
      return item.startsWith(prefix) ? [] : [item];
    });
  });
}

/** Makes sure that the comma-separated value of a flag contains `value`. */
export function withFlagValue(container: Container, flag: string, value: string): Container {
  const values = valuesOf(container, flag);
  return values.includes(value) ? container : withFlag(container, flag, [...values, value].join(','));
}

/** Takes `value` out of the comma-separated value of a flag; the flag goes with the last of them. */
export function withoutFlagValue(container: Container, flag: string, value: string): Container {
  const values = valuesOf(container, flag);
  if (!values.includes(value)) return container;
  const rest = values.filter((other) => other !== value);
  return rest.length > 0 ? withFlag(container, flag, rest.join(',')) : withoutFlags(container, [`${flag}=`]);
}

function valuesOf({ command = [], args = [] }: Container, flag: string): string[] {
  const given = [...command, ...args].find((item) => item.startsWith(`${flag}=`));
  return (
    given
      ?.slice(flag.length + 1)
      .split(',')
      .filter(Boolean) ?? []
  );
}

/**
 * Gardener gives kube-apiserver its flags as args and kube-controller-manager as part of the command. Without any flag
 * they belong to the args, unless there is but a command.
 */
function listOf({ command, args }: Container, prefix: string): List {
  const has = (items: readonly string[] | undefined, start: string) => items?.some((item) => item.startsWith(start));
  if (has(args, prefix)) return 'args';
  if (has(command, prefix)) return 'command';
  if (has(args, '--')) return 'args';
  return has(command, '--') ? 'command' : 'args';
}

function inList(container: Container, list: List, change: Change): Container {
  const items = container[list] ?? [];
  const changed = change(items);
  return changed.length === 0 && container[list] === undefined ? container : { ...container, [list]: changed };
}
