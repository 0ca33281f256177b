import { BlockedTargetError, literalAddressOf, type Dial } from '@gomon/egress';
import { networkOf } from './network-of.ts';

export interface ConnectionListener {
  tried(network: string): void;
  made(): void;
  failed(network: string): void;
}

/** The same dial, whose connections are told of; not those to this machine, nor those that we refuse ourselves. */
export function watchDial(dial: Dial, listener: ConnectionListener): Dial {
  return (url) => {
    const socket = dial(url);
    let network = networkOf(literalAddressOf(url) ?? url.hostname);
    let isEnded = false;
    const endWith = (tell: (network: string) => void) => {
      if (!isEnded && network !== null) tell(network);
      isEnded = true;
    };
    if (network !== null) listener.tried(network);
    socket.on('connectionAttempt', (address) => {
      network = networkOf(address);
    });
    socket.once('connect', () => endWith(() => listener.made()));
    // Whoever waits for the connection hears of an error before the socket is closed.
    socket.once('error', (error) => {
      if (!(error instanceof BlockedTargetError)) endWith((name) => listener.failed(name));
    });
    socket.once('close', () => {
      if (!(socket.errored instanceof BlockedTargetError)) endWith((name) => listener.failed(name));
    });
    return socket;
  };
}
