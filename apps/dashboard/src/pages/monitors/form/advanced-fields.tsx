import { Collapsible } from 'radix-ui';
import { Field, faultOf, TextField } from '../../../parts/forms/fields.tsx';
import { Icon } from '../../../parts/icons.tsx';
import { Tick } from '../../../parts/states/tick.tsx';
import type { Draft } from './monitor-draft.ts';

interface AdvancedFieldsProps {
  readonly draft: Draft;
  readonly error: Error | null;
  readonly onChange: (changes: Partial<Draft>) => void;
}

export function AdvancedFields({ draft, error, onChange }: AdvancedFieldsProps) {
  return (
    <Collapsible.Root className="advanced">
      <Collapsible.Trigger type="button" className="disclosure">
        <Icon name="chevron" />
        Request and expectations
      </Collapsible.Trigger>
      <Collapsible.Content className="form">
        <Field label="Method">
          {(attributes) => (
            <select
              className="input input-short"
              {...attributes}
              value={draft.method}
              onChange={(event) => onChange({ method: event.target.value as Draft['method'] })}
            >
              <option>GET</option>
              <option>HEAD</option>
            </select>
          )}
        </Field>
        <TextField
          label="Expected status"
          hint="Codes or ranges such as 200-299, separated by commas. Any other status is a failure."
          value={draft.expectedStatus}
          onChange={(event) => onChange({ expectedStatus: event.target.value })}
          fault={faultOf(error, 'expectedStatus')}
        />
        <TextField
          label="Body contains"
          value={draft.bodyContains}
          onChange={(event) => onChange({ bodyContains: event.target.value })}
          fault={faultOf(error, 'bodyContains')}
        />
        <TextField
          label="Bytes of the body to search"
          type="number"
          min={1024}
          max={10_485_760}
          hint="Empty: 1048576, which is 1 MiB. 10 MiB at most."
          value={draft.maxBodyBytes}
          onChange={(event) => onChange({ maxBodyBytes: event.target.value })}
          fault={faultOf(error, 'maxBodyBytes')}
        />
        <TextField
          label="Timeout in milliseconds"
          type="number"
          min={100}
          max={60_000}
          hint="Empty: 10 seconds, or 80 % of the interval where that is less."
          value={draft.timeoutMs}
          onChange={(event) => onChange({ timeoutMs: event.target.value })}
          fault={faultOf(error, 'timeoutMs')}
        />
        <HeaderFields draft={draft} error={error} onChange={onChange} />
        <label className="tick-line">
          <Tick checked={draft.followRedirects} onChange={() => onChange({ followRedirects: !draft.followRedirects })} />
          Follow redirects
        </label>
      </Collapsible.Content>
    </Collapsible.Root>
  );
}

function HeaderFields({ draft, error, onChange }: AdvancedFieldsProps) {
  return (
    <Field
      label="Headers"
      hint="One per line: name: value. Values are never shown again. A name without a value keeps the stored one."
      fault={faultOf(error, 'headers')}
    >
      {(attributes) => (
        <textarea
          className="input mono"
          rows={3}
          {...attributes}
          value={draft.headers}
          onChange={(event) => onChange({ headers: event.target.value })}
        />
      )}
    </Field>
  );
}
