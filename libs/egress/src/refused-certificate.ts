import { TLSSocket, type DetailedPeerCertificate } from 'node:tls';

const refused = new WeakMap<object, DetailedPeerCertificate>();

/**
 * The certificate that an error of a dialled connection refuses, with those the server sent above
 * it.
 */
export function refusedCertificateOf(error: unknown): DetailedPeerCertificate | null {
  return (typeof error === 'object' && error && refused.get(error)) || null;
}

/**
 * Node destroys a connection with a refused certificate, and the certificate with it: read it just
 * before.
 */
export function keepRefusedCertificate(socket: TLSSocket): void {
  socket.destroy = (error?: Error) => {
    if (error && socket.authorizationError) {
      const certificate = TLSSocket.prototype.getPeerCertificate.call(
        socket,
        true,
      ) as DetailedPeerCertificate | null;
      if (certificate?.raw) refused.set(error, certificate);
    }
    return TLSSocket.prototype.destroy.call(socket, error);
  };
}
