/** PostgreSQL and Redis, started for one run of tests. */
export interface RunningServers {
  postgresUrl: string;
  redisUrl: string;
  stop(): Promise<void>;
}
