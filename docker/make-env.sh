#!/bin/sh
# Writes .env with new secrets for docker-compose.yml. What lies in the database needs the secrets it was made with.
set -eu
cd "$(dirname "$0")/.."
if [ -e .env ]; then
  echo '.env is there already and stays as it is: its secrets belong to the data in the volumes' >&2
  exit 1
fi
secret() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }
umask 077
cat >.env <<END
COMPOSE_PROJECT_NAME=gomon
POSTGRES_PASSWORD=$(secret)
API_DATABASE_PASSWORD=$(secret)
SCHEDULER_DATABASE_PASSWORD=$(secret)
REDIS_PASSWORD=$(secret)
PROBER_REDIS_PASSWORD=$(secret)
JWT_SECRET=$(secret)
SECRETS_KEY=$(secret)
END
echo 'Made .env with new secrets'
