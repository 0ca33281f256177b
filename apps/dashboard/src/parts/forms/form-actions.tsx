interface FormActionsProps {
  readonly verb: string;
  readonly busy: boolean;
  readonly onCancel: () => void;
}

/** The end of a form: do it, or do not. */
export function FormActions({ verb, busy, onCancel }: FormActionsProps) {
  return (
    <div className="actions">
      <button type="submit" className="button button-primary" disabled={busy}>
        {verb}
      </button>
      <button type="button" className="button" onClick={onCancel}>
        Cancel
      </button>
    </div>
  );
}
