import 'reflect-metadata';
import * as x509 from '@peculiar/x509';

/** For tests: a second opinion on certificates. */
export { x509 };
