import type { Rendered } from '../../../landscape/charts/helm.ts';

/** A request, as RBAC sees it. */
export interface Access {
  readonly verb: string;
  readonly group: string;
  /** With its subresource: `shoots/status`. */
  readonly resource: string;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

/** One verb for one resource, as a role grants it. */
interface Permission extends Access {
  /** Names of objects, where it is only for these. */
  readonly names?: readonly string[] | undefined;
}

const resourcePath =
  /^\/(?:api|apis\/(?<group>[^/]+))\/[^/]+(?:\/namespaces\/(?<namespace>[^/]+)(?=\/))?\/(?<resource>[^/]+)(?:\/(?<name>[^/]+))?(?:\/(?<subresource>[^/]+))?$/;

const verbs: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', PATCH: 'patch' };

/** Undefined for what is no resource: discovery, health. */
export function accessOf(method: string, url: string): Access | undefined {
  const { pathname, searchParams } = new URL(url, 'https://localhost');
  const groups = resourcePath.exec(pathname)?.groups;
  if (!groups?.resource) return undefined;
  const { group = '', resource, subresource } = groups;
  const whole = groups.name === undefined;
  const selected = /^metadata\.name=([^,]+)$/.exec(searchParams.get('fieldSelector') ?? '')?.[1];
  const name = whole && method === 'GET' ? selected : groups.name;
  const read = searchParams.has('watch') ? 'watch' : whole ? 'list' : 'get';
  const removal = whole ? 'deletecollection' : 'delete';
  const verb = method === 'GET' ? read : method === 'DELETE' ? removal : (verbs[method] ?? method);
  const namespace = groups.namespace;
  return { verb, group, resource: [resource, subresource].filter(Boolean).join('/'), namespace, name };
}

interface Role extends Rendered {
  readonly rules?: readonly {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly verbs: readonly string[];
    readonly resourceNames?: readonly string[];
  }[];
}

/** All that the roles of a chart grant. */
function permissionsIn(objects: readonly Rendered[]): Permission[] {
  return (objects as readonly Role[])
    .filter(({ kind }) => kind === 'Role' || kind === 'ClusterRole')
    .flatMap(({ rules = [], metadata: { namespace } }) =>
      rules.flatMap(({ apiGroups, resources, verbs, resourceNames: names }) =>
        apiGroups.flatMap((group) =>
          resources.flatMap((resource) => verbs.map((verb) => ({ group, resource, verb, namespace, names }))),
        ),
      ),
    );
}

function allows(permission: Permission, access: Access): boolean {
  const { verb, group, resource, namespace, names } = permission;
  const same = verb === access.verb && group === access.group && resource === access.resource;
  const where = namespace === undefined || namespace === access.namespace;
  return same && where && (names === undefined || names.includes(access.name ?? ''));
}

/** `patch deployments.apps in garden` */
function textOf({ verb, group, resource, namespace }: Permission): string {
  const what = [resource, group].filter(Boolean).join('.');
  return `${verb} ${what}${namespace ? ` in ${namespace}` : ''}`;
}

/** All that the roles of a chart grant, as text. */
export const rightsOf = (objects: readonly Rendered[]): string[] => permissionsIn(objects).map(textOf);

/** What nobody has asked for of it. */
export const unusedRights = (objects: readonly Rendered[], accesses: readonly Access[]): string[] =>
  permissionsIn(objects)
    .filter((permission) => !accesses.some((access) => allows(permission, access)))
    .map(textOf);
