// Encrypts short secrets for the database, and decrypts them with the current or the previous key.
export { createEncryption, isEncrypted, type Encryption } from './encryption.ts';
