/** An answer of metal-api that is not a success: `{statuscode, message}`, or a bare JSON string where metal-api sends one. */
export class ApiError extends Error {
  readonly status: number;
  readonly bare: boolean;

  constructor(status: number, message: string, bare = false) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.bare = bare;
  }

  body(): unknown {
    return this.bare ? this.message : { statuscode: this.status, message: this.message };
  }
}

/** Explicit checks of a request: 400. */
export const badRequest = (message: string): ApiError => new ApiError(400, message);
export const forbidden = (message: string): ApiError => new ApiError(403, message);
/** metal-api puts the kind of a stored error in front of its text. */
export const notFound = (message: string): ApiError => new ApiError(404, `NotFound ${message}`);
export const conflict = (message: string): ApiError => new ApiError(409, `Conflict ${message}`);
export const internal = (message: string): ApiError => new ApiError(500, `Internal ${message}`);
/** Every other business error: 422. */
export const unprocessable = (message: string): ApiError => new ApiError(422, message);

export function noSuch(kind: string, id: string): ApiError {
  return notFound(`no ${kind} with id "${id}" found`);
}
