import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Role, User } from '../context.ts';
import { ApiError, forbidden } from '../errors.ts';

export interface HmacUser {
  /** What stands before the signature in the Authorization header. */
  readonly authType: string;
  readonly role: Role;
  readonly key: string;
  /** How old a request's X-Date may be, in milliseconds; 0 switches the check off. */
  readonly lifetimeMs: number;
}

export interface BearerUser {
  readonly token: string;
  readonly role: Role;
  readonly name: string;
  readonly tenant?: string;
}

export interface AuthOptions {
  readonly hmac: readonly HmacUser[];
  readonly bearer: readonly BearerUser[];
  /** Tenants that may call; default: all that the users here belong to. */
  readonly allowedTenants?: readonly string[];
}

/** The names, lifetimes and role order are metal-api's defaults; the keys are for development. */
export const defaultAuth: AuthOptions = Object.freeze({
  hmac: [
    { authType: 'Metal-View', role: 'view', key: 'metal-view', lifetimeMs: 30_000 },
    { authType: 'Metal-Edit', role: 'edit', key: 'metal-edit', lifetimeMs: 30_000 },
    { authType: 'Metal-Admin', role: 'admin', key: 'metal-admin', lifetimeMs: 90_000 },
  ],
  bearer: [
    { token: 'view-token', role: 'view', name: 'viewer' },
    { token: 'edit-token', role: 'edit', name: 'editor' },
    { token: 'admin-token', role: 'admin', name: 'administrator' },
  ],
} satisfies AuthOptions);

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const PROVIDER_TENANT = 'metal-stack';
const RANKS: Record<Role, number> = { view: 0, edit: 1, admin: 2 };
const ROLES: readonly Role[] = ['view', 'edit', 'admin'];

const single = (header: string | string[] | undefined): string => (Array.isArray(header) ? header[0] : header) ?? '';

/**
 * Who calls, or undefined for a guest: no header, or a scheme that nobody has. A known scheme with a wrong signature, an
 * unreadable or too old X-Date, or a wrong token is 403. A date in the future is accepted, as metal-stack/security does.
 */
export function authenticate(
  options: AuthOptions,
  method: string,
  headers: IncomingHttpHeaders,
  now: number,
): User | undefined {
  const [scheme, credential, ...rest] = single(headers.authorization).split(' ');
  if (!scheme || credential === undefined || rest.length > 0) return undefined;
  if (scheme === 'Bearer') return bearerUser(options, credential);
  const user = options.hmac.find((candidate) => candidate.authType === scheme);
  if (!user) return undefined;
  checkSignature(user, method, headers, credential, now);
  return {
    name: user.authType,
    email: `${user.authType.toLowerCase()}@metal-stack.io`,
    tenant: PROVIDER_TENANT,
    role: user.role,
    issuer: '',
    subject: '',
  };
}

function checkSignature(
  user: HmacUser,
  method: string,
  headers: IncomingHttpHeaders,
  given: string,
  now: number,
): void {
  const date = single(headers['x-date']);
  const time = RFC3339.test(date) ? Date.parse(date) : Number.NaN;
  if (Number.isNaN(time)) throw forbidden(`unknown timestamp "${date}" in "X-Date" header, use RFC3339`);
  if (user.lifetimeMs > 0 && now - time > user.lifetimeMs) {
    throw forbidden(
      `the timestamp in your header is too old: "${date}", please check if you have time synchronization activated`,
    );
  }
  const signed = `${new Date(time).toISOString().slice(0, 19)}Z${method}${single(headers['x-data-salt'])}`;
  const wanted = createHmac('sha256', user.key).update(signed).digest('hex');
  if (!sameText(wanted, given)) throw forbidden('Wrong HMAC found');
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function bearerUser(options: AuthOptions, token: string): User {
  const user = options.bearer.find((candidate) => sameText(candidate.token, token));
  if (!user) throw forbidden('invalid token');
  return {
    name: user.name,
    email: `${user.name}@example.org`,
    tenant: user.tenant ?? PROVIDER_TENANT,
    role: user.role,
    issuer: 'https://dex.example.org',
    subject: user.name,
  };
}

export function groupsOf(role: Role): string[] {
  return ROLES.filter((candidate) => RANKS[candidate] <= RANKS[role]).map((candidate) => `maas-all-all-${candidate}`);
}

/** 403 for guests and foreign tenants (a bare JSON string), and for a role below the one that is asked for. */
export function authorize(options: AuthOptions, user: User | undefined, role: Role | 'any'): void {
  const allowed = options.allowedTenants;
  if (!user || (allowed && !allowed.includes(user.tenant))) {
    throw new ApiError(403, `tenant ${user?.tenant ?? 'guest'} not allowed`, true);
  }
  if (role === 'any' || RANKS[user.role] >= RANKS[role]) return;
  const groups = ROLES.filter((candidate) => RANKS[candidate] >= RANKS[role]).map((r) => `maas-all-all-${r}`);
  throw forbidden(`you are not member in one of [${groups.join(' ')}]`);
}
