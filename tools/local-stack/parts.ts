import type { Server } from '@gomon/test-support';
import type { AppProcess } from './apps/app-process.ts';

export interface Parts {
  apps: readonly AppProcess[];
  addApp: (app: AppProcess) => void;
  addServer: (name: string, server: Server) => void;
  /** Resolves, with a report of some lines, when a part ends that was not asked to. */
  broken: Promise<string>;
  /** Stops the apps together, then the servers, the last one first. May be called twice; the first call's `force` counts. */
  stop: (force?: AbortSignal) => Promise<void>;
}

/** What is running, so that it can be stopped in order at any moment; `release` comes last. */
export function trackParts(release: () => void): Parts {
  const apps: AppProcess[] = [];
  const servers: Server[] = [];
  const broken = Promise.withResolvers<string>();
  let stopping: Promise<void> | undefined;
  const report = (text: string) => {
    if (!stopping) broken.resolve(text);
  };
  const stopAll = async (force: AbortSignal) => {
    await Promise.all(apps.map((app) => app.stop(force)));
    for (const server of servers.toReversed()) await server.stop();
    release();
  };
  return {
    apps,
    addApp: (app) => {
      apps.push(app);
      void app.ended.then(report);
    },
    addServer: (name, server) => {
      servers.push(server);
      void server.exited.then(() => report(`${name} ended by itself; its log says why`));
    },
    broken: broken.promise,
    stop: (force = new AbortController().signal) => (stopping ??= stopAll(force)),
  };
}
