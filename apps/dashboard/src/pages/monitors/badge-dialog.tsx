import { Dialog } from 'radix-ui';
import { useState } from 'react';
import type { Schema } from '@gomon/client';
import { api, ask } from '../../api.ts';
import { useAct } from '../../parts/forms/act.ts';
import { CopyText } from '../../parts/forms/copy-text.tsx';
import type { Monitor } from '../../queries.ts';

/** Shares a monitor's state as pictures, at an address that nobody can guess. */
export function BadgeDialog({ monitor }: { monitor: Monitor }) {
  const params = { path: { id: monitor.id } };
  const [open, setOpen] = useState(false);
  const share = useAct({
    act: () => ask(api.PUT('/v1/monitors/{id}/badge', { params })),
    refresh: [],
  });
  const revoke = useAct({
    act: () => ask(api.DELETE('/v1/monitors/{id}/badge', { params })),
    said: 'Badge revoked. Its addresses no longer work.',
    refresh: [],
    onDone: () => {
      share.reset();
      setOpen(false);
    },
  });
  const badge = share.data;
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger className="button">Badge</Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="dialog">
          <Dialog.Title>Badge of {monitor.name}</Dialog.Title>
          <Dialog.Description>
            Anyone with one of these addresses sees the state, uptime and latency, but no name and
            no URL.
          </Dialog.Description>
          {!badge && (
            <button
              type="button"
              className="button button-primary"
              onClick={() => share.mutate()}
              disabled={share.isPending}
            >
              Create or show addresses
            </button>
          )}
          {badge && <BadgeAddresses badge={badge} />}
          <div className="actions actions-end">
            <button
              type="button"
              className="button button-quiet-danger"
              onClick={() => revoke.mutate()}
              disabled={!badge}
            >
              Revoke
            </button>
            <Dialog.Close className="button">Close</Dialog.Close>
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function BadgeAddresses({ badge }: { badge: Schema<'Badge'> }) {
  const addresses = [
    ['State', badge.stateUrl],
    ['Uptime', badge.uptimeUrl],
    ['Latency', badge.latencyUrl],
    ['shields.io', badge.shieldsUrl],
  ] as const;
  return addresses.map(([label, url]) => (
    <div key={label} className="badge-line">
      <span>
        {label === 'shields.io' ? (
          label
        ) : (
          <img src={absolute(url)} alt={`${label} badge`} height={20} />
        )}
      </span>
      <CopyText label={`Address of ${label}`} text={absolute(url)} />
    </div>
  ));
}

const absolute = (url: string) => new URL(url, location.origin).href;
