import { useEffect, useId, useRef, useState, type ComponentProps, type ReactNode } from 'react';
import { Refusal } from '../../api.ts';

interface FieldProps {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly fault?: string | undefined;
  readonly children: (attributes: {
    id: string;
    'aria-describedby': string | undefined;
    'aria-invalid': boolean;
  }) => ReactNode;
}

/** A control with its label, what it means, and what is wrong with it, all tied together for screen readers. */
export function Field({ label, hint, fault: given, children }: FieldProps) {
  const id = useId();
  const { place, fault, correct } = useFaultUntilChanged(given);
  const described =
    [hint && `${id}-hint`, fault && `${id}-fault`].filter(Boolean).join(' ') || undefined;
  return (
    <div className="field" ref={place} onInput={correct}>
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-describedby': described, 'aria-invalid': fault !== undefined })}
      {hint && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {fault && (
        <p className="fault" id={`${id}-fault`}>
          {sentence(fault)}
        </p>
      )}
    </div>
  );
}

/** A fault is gone once its field is changed; the next submit tells what is wrong then. */
function useFaultUntilChanged(given: string | undefined) {
  const place = useRef<HTMLDivElement>(null);
  const [isChanged, setChanged] = useState(false);
  useEffect(() => {
    const form = place.current?.closest('form');
    const forget = () => setChanged(false);
    form?.addEventListener('submit', forget);
    return () => form?.removeEventListener('submit', forget);
  }, []);
  return { place, fault: isChanged ? undefined : given, correct: () => setChanged(true) };
}

type TextFieldProps = ComponentProps<'input'> & Pick<FieldProps, 'label' | 'hint' | 'fault'>;

export function TextField({ label, hint, fault, ...input }: TextFieldProps) {
  return (
    <Field label={label} hint={hint} fault={fault}>
      {(attributes) => <input className="input" {...attributes} {...input} />}
    </Field>
  );
}

/** What is wrong with a form as a whole; faults of its fields stand beside them. */
export function FormFault({ error, fields }: { error: Error | null; fields: readonly string[] }) {
  if (!error) return null;
  const faults = error instanceof Refusal ? Object.entries(error.faults) : [];
  const elsewhere = faults
    .filter(([name]) => !fields.includes(name))
    .map(([name, fault]) => `${name} ${fault}`);
  if (faults.length > 0 && elsewhere.length === 0) return null;
  return (
    <p className="notice notice-bad" role="alert">
      {elsewhere.length > 0 ? elsewhere.map(sentence).join(' ') : error.message}
    </p>
  );
}

export const faultOf = (error: Error | null, name: string) =>
  error instanceof Refusal ? error.faults[name] : undefined;

const sentence = (text: string) =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;
