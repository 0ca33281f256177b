import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { startTarget, type Target } from '@gomon/test-support';

/** GoMon that runs already, somewhere that does not see this machine's loopback. */
export interface GivenStack {
  readonly apiUrl: string;
  /** An address of this machine that the probers reach and may probe. */
  readonly targetHost: string;
}

/** The stack that GOMON_E2E_API_URL and GOMON_E2E_TARGET_HOST name, if they do. */
export function givenStack(environment: NodeJS.ProcessEnv): GivenStack | null {
  const { GOMON_E2E_API_URL: apiUrl, GOMON_E2E_TARGET_HOST: targetHost } = environment;
  return apiUrl && targetHost ? { apiUrl, targetHost } : null;
}

/** A target whose URL is at `host`, from where connections are passed on to it. */
export async function startTargetAt(host: string): Promise<Target> {
  const target = await startTarget();
  const relay = await listen(host, Number(new URL(target.url).port));
  return {
    ...target,
    url: `http://${host}:${(relay.address() as AddressInfo).port}`,
    stop: async () => {
      relay.close();
      await target.stop();
    },
  };
}

/** When one side of a connection closes or breaks, the other is closed. */
function listen(host: string, targetPort: number): Promise<Server> {
  const relay = createServer((inbound) => {
    const outbound = connect(targetPort, '127.0.0.1');
    inbound.pipe(outbound).pipe(inbound);
    for (const [socket, other] of [
      [inbound, outbound],
      [outbound, inbound],
    ] as const) {
      socket.on('close', () => other.destroy());
      socket.on('error', () => other.destroy());
    }
  });
  return new Promise((resolve, reject) => {
    relay.once('error', reject);
    relay.listen(0, host, () => resolve(relay));
  });
}
