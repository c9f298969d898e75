import type { ReviewRequest } from './webhook.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** What a request of an AdmissionReview says, or what is wrong with it. */
export type ReadRequest = { readonly request: ReviewRequest } | { readonly problem: string };

const operations: readonly ReviewRequest['operation'][] = ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'];

class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `fields` is `request` of an AdmissionReview, v1 or v1beta1, of which only `uid` is known to be right. */
export function readRequest(fields: Fields, uid: string, remoteAddress: string | undefined): ReadRequest {
  try {
    return { request: { uid, ...readRest(fields), remoteAddress } };
  } catch (error) {
    if (error instanceof Unreadable) return { problem: error.message };
    throw error;
  }
}

function readRest(fields: Fields): Omit<ReviewRequest, 'uid' | 'remoteAddress'> {
  const operation = operations.find((known) => known === fields.operation);
  if (!operation) throw new Unreadable(`request.operation must be one of ${operations.join(', ')}`);
  const kind = group(fields.kind, 'kind');
  const resource = group(fields.resource, 'resource');
  return {
    operation,
    kind: { ...kind, kind: text(fields.kind, 'kind', 'kind') },
    resource: { ...resource, resource: text(fields.resource, 'resource', 'resource') },
    subresource: optionalText(fields, 'subResource'),
    namespace: optionalText(fields, 'namespace'),
    name: optionalText(fields, 'name'),
    object: reviewed(fields, 'object', operation === 'CREATE' || operation === 'UPDATE'),
    oldObject: reviewed(fields, 'oldObject', operation === 'UPDATE'),
    dryRun: fields.dryRun === true,
    userInfo: userInfo(fields.userInfo),
  };
}

function group(value: unknown, name: string): { group: string; version: string } {
  return {
    group: isFields(value) && value.group === undefined ? '' : text(value, name, 'group'),
    version: text(value, name, 'version'),
  };
}

function text(fields: unknown, parent: string, name: string): string {
  const value = isFields(fields) ? fields[name] : undefined;
  if (typeof value !== 'string') throw new Unreadable(`request.${parent}.${name} must be a string`);
  return value;
}

function optionalText(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw new Unreadable(`request.${name} must be a string`);
  return value;
}

function reviewed(fields: Fields, name: string, isNeeded: boolean): unknown {
  const value = fields[name] ?? undefined;
  if (value === undefined && !isNeeded) return undefined;
  if (!isFields(value)) throw new Unreadable(`request.${name} must be an object`);
  return value;
}

function userInfo(value: unknown): ReviewRequest['userInfo'] {
  if (value === undefined || value === null) return { username: '', groups: [] };
  if (!isFields(value)) throw new Unreadable('request.userInfo must be an object');
  const { username = '', groups } = value;
  if (typeof username !== 'string') throw new Unreadable('request.userInfo.username must be a string');
  const isList = Array.isArray(groups) && groups.every((item) => typeof item === 'string');
  if (groups !== undefined && groups !== null && !isList) {
    throw new Unreadable('request.userInfo.groups must be a list of strings');
  }
  return { username, groups: isList ? groups : [] };
}
