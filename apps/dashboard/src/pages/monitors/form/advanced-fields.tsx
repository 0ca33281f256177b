import { Collapsible } from 'radix-ui';
import { KIND_FORMS } from '../../../kinds/all.ts';
import type { KindFields } from '../../../kinds/kind.ts';
import { faultOf, TextField } from '../../../parts/forms/fields.tsx';
import { Icon } from '../../../parts/icons.tsx';
import type { Draft } from './monitor-draft.ts';

interface AdvancedFieldsProps {
  readonly draft: Draft;
  readonly error: Error | null;
  readonly onChange: (changes: Partial<Draft>) => void;
  readonly onFieldsChange: (changes: KindFields) => void;
}

export function AdvancedFields({ draft, error, onChange, onFieldsChange }: AdvancedFieldsProps) {
  const { AdvancedFields: KindAdvancedFields } = KIND_FORMS[draft.kind];
  return (
    <Collapsible.Root className="advanced">
      <Collapsible.Trigger type="button" className="disclosure">
        <Icon name="chevron" />
        Request and expectations
      </Collapsible.Trigger>
      <Collapsible.Content className="form">
        <TextField
          label="Timeout (ms)"
          type="number"
          min={100}
          max={60_000}
          hint="Default: 10 seconds, or 80 % of the interval if that is less."
          value={draft.timeoutMs}
          onChange={(event) => onChange({ timeoutMs: event.target.value })}
          fault={faultOf(error, 'timeoutMs')}
        />
        <KindAdvancedFields fields={draft.fields} error={error} onChange={onFieldsChange} />
      </Collapsible.Content>
    </Collapsible.Root>
  );
}
