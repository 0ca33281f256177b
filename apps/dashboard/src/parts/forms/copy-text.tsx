import { useToast } from '../toasts.tsx';

export function CopyText({ label, text }: { label: string; text: string }) {
  const say = useToast();
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => say('Copied.'),
      () => say('The browser did not allow copying.', true),
    );
  };
  return (
    <div className="copy">
      <input
        className="input mono"
        readOnly
        aria-label={label}
        value={text}
        onFocus={(event) => event.target.select()}
      />
      <button
        type="button"
        className="button"
        onClick={copy}
        aria-label={`Copy ${label.toLowerCase()}`}
      >
        Copy
      </button>
    </div>
  );
}
