import type { SubmitEvent } from 'react';
import type { Schema } from '@gomon/client';
import { api, ask } from '../../api.ts';
import { useAct } from '../../parts/forms/act.ts';
import { FormFault, TextField } from '../../parts/forms/fields.tsx';
import { textOf } from '../../parts/forms/form-text.ts';

/** Takes the code that an address was mailed. */
export function ConfirmAddress({ channel: { id, unconfirmed } }: { channel: Schema<'Channel'> }) {
  const confirm = useAct({
    act: (code: string) =>
      ask(api.POST('/v1/channels/{id}/confirm', { params: { path: { id } }, body: { code } })),
    said: 'Address confirmed.',
    refresh: [['channels']],
    inForm: true,
  });
  const onSubmit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    confirm.mutate(textOf(new FormData(event.currentTarget), 'code').trim());
  };
  return (
    <form className="notice form" onSubmit={onSubmit}>
      <p className="anywhere">
        Not confirmed: {unconfirmed.join(', ')}. Nothing is mailed there until you enter the code.
      </p>
      <FormFault error={confirm.error} fields={[]} />
      <TextField
        label="Code"
        name="code"
        autoComplete="one-time-code"
        autoCapitalize="characters"
        required
        minLength={10}
        hint="From the mail sent to this address. Valid for a day."
      />
      <div>
        <button type="submit" className="button" disabled={confirm.isPending}>
          Confirm
        </button>
      </div>
    </form>
  );
}
