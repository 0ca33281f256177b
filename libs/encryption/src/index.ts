// Encrypts short secrets before they go to the database, and knows which key opens them.
export { createEncryption, isEncrypted, type Encryption } from './encryption.ts';
