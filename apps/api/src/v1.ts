import type { Db } from '@gomon/persistence';
import type { FastifyPluginAsync } from 'fastify';
import type { ChannelSettingsReader } from './resources/channels/settings.ts';
import type { SettingsReader } from './resources/monitors/settings.ts';
import type { PasswordCheck } from './auth/password-check.ts';
import type { Passwords } from './auth/passwords.ts';
import { accountRoutes } from './resources/accounts/account.ts';
import { alertPreviewRoutes } from './resources/alerts/preview.ts';
import { alertRoutes } from './resources/alerts/read.ts';
import { apiKeyRoutes } from './resources/api-keys/routes.ts';
import { badgeRoutes } from './resources/badges/routes.ts';
import { bulkRoutes } from './resources/monitors/bulk.ts';
import { channelSettingsRoutes } from './resources/channels/write.ts';
import { channelRoutes } from './resources/channels/read.ts';
import { checkRoutes } from './resources/checks/read.ts';
import { confirmationRoutes } from './resources/channels/confirmations.ts';
import { deliveryRoutes } from './resources/channels/deliveries.ts';
import { eventRoutes } from './resources/status/events.ts';
import { latencyRoutes } from './resources/checks/latency.ts';
import { maintenanceSettingsRoutes } from './resources/maintenance-windows/write.ts';
import { maintenanceWindowRoutes } from './resources/maintenance-windows/read.ts';
import { monitorSettingsRoutes } from './resources/monitors/write.ts';
import { monitorRoutes } from './resources/monitors/read.ts';
import { overviewRoutes } from './resources/monitors/overview.ts';
import { dryRunRoutes } from './resources/dry-runs/routes.ts';
import { sendingRoutes } from './resources/channels/test.ts';
import { sessionRoutes } from './resources/accounts/sessions.ts';
import { statsRoutes } from './resources/checks/stats.ts';
import { statusRoutes } from './resources/status/routes.ts';
import { statusMessageTextRoutes } from './resources/status-pages/message-changes.ts';
import { statusMessageRoutes } from './resources/status-pages/messages.ts';
import { statusPageSettingsRoutes } from './resources/status-pages/write.ts';
import { statusPageRoutes } from './resources/status-pages/read.ts';
import { userRoutes } from './resources/accounts/users.ts';
import type { DryRunSettingsReader } from './resources/dry-runs/settings.ts';

export interface V1Options {
  readonly db: Db;
  readonly passwords: Passwords;
  readonly passwordCheck: PasswordCheck;
  readonly settingsReader: SettingsReader;
  readonly dryRunSettings: DryRunSettingsReader;
  readonly channelSettings: ChannelSettingsReader;
  readonly shardCount: number;
  readonly monitorLimit: number;
  readonly minIntervalSeconds: number;
}

/** Every route of the first version, by resource. */
export const v1: FastifyPluginAsync<V1Options> = async (app, options) => {
  const { db, passwords, passwordCheck, settingsReader, dryRunSettings, channelSettings } = options;
  const { shardCount, monitorLimit, minIntervalSeconds } = options;
  await app.register(accountRoutes, { db, passwords, passwordCheck, monitorLimit });
  await app.register(userRoutes, { db, passwords });
  await app.register(sessionRoutes, { db, passwords, passwordCheck });
  await app.register(apiKeyRoutes, { db });
  await app.register(monitorRoutes, { db, shardCount });
  await app.register(overviewRoutes, { db });
  await app.register(bulkRoutes);
  await app.register(monitorSettingsRoutes, {
    db,
    settingsReader,
    shardCount,
    monitorLimit,
    minIntervalSeconds,
  });
  await app.register(dryRunRoutes, { db, dryRunSettings, minIntervalSeconds });
  await app.register(checkRoutes, { db });
  await app.register(statsRoutes, { db });
  await app.register(latencyRoutes, { db });
  await app.register(alertRoutes, { db });
  await app.register(channelRoutes, { db });
  await app.register(channelSettingsRoutes, { db, channelSettings });
  await app.register(confirmationRoutes);
  await app.register(deliveryRoutes, { db });
  await app.register(sendingRoutes, { db });
  await app.register(maintenanceWindowRoutes, { db });
  await app.register(maintenanceSettingsRoutes, { db });
  await app.register(alertPreviewRoutes, { minIntervalSeconds });
  await app.register(badgeRoutes, { db });
  await app.register(statusPageRoutes, { db });
  await app.register(statusPageSettingsRoutes, { db });
  await app.register(statusMessageRoutes, { db });
  await app.register(statusMessageTextRoutes, { db });
  await app.register(eventRoutes, { db });
  await app.register(statusRoutes, { db });
};
