"""Uses the generated client: prints what it was answered, as JSON."""

import json
import sys

from gomon_client import AuthenticatedClient, Client
from gomon_client.api.monitors import create_monitor, list_monitors
from gomon_client.api.sessions import log_in
from gomon_client.api.users import sign_up
from gomon_client.models import CreateMonitorBody, LogInBody, SignUpBody

url, username = sys.argv[1:]
password = "a long passphrase of python"
client = Client(base_url=url)
assert sign_up.sync_detailed(client=client, body=SignUpBody(username=username, password=password)).status_code == 201
session = log_in.sync(client=client, body=LogInBody(username=username, password=password))
own = AuthenticatedClient(base_url=url, token=session.token)
monitor = create_monitor.sync(client=own, body=CreateMonitorBody(name="shop", url="https://example.com/", threshold=2))
monitors = list_monitors.sync(client=own)
never = CreateMonitorBody(name="never", url="https://example.com/", threshold=9)
refused = create_monitor.sync_detailed(client=own, body=never)
print(
    json.dumps(
        {
            "name": monitor.name,
            "timeoutMs": monitor.timeout_ms,
            "monitors": len(monitors.items),
            "refused": refused.status_code,
        }
    )
)
