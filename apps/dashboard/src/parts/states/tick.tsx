import { Checkbox } from 'radix-ui';
import { Icon } from '../icons.tsx';

interface TickProps {
  /** For screen readers; without it, the box is inside a label. */
  readonly label?: string;
  readonly checked: boolean | 'indeterminate';
  readonly onChange: () => void;
}

export function Tick({ label, checked, onChange }: TickProps) {
  return (
    <Checkbox.Root className="tick" aria-label={label} checked={checked} onCheckedChange={onChange}>
      <Checkbox.Indicator>
        <Icon name={checked === 'indeterminate' ? 'minus' : 'check'} />
      </Checkbox.Indicator>
    </Checkbox.Root>
  );
}
