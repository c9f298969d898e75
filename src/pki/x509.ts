import 'reflect-metadata';
import * as x509 from '@peculiar/x509';

/** The library, as one name: it is CommonJS, and a bundle in several files does not know the names in it. */
export { x509 };
