import { AlertDialog } from 'radix-ui';
import { createContext, useContext, useState, type ReactNode } from 'react';

export interface Question {
  readonly title: string;
  readonly text: string;
  /** What is done on yes, as a verb. */
  readonly verb: string;
}

type Confirm = (question: Question) => Promise<boolean>;

const ConfirmContext = createContext<Confirm>(() => Promise.resolve(false));

/** Asks before something is done that cannot be undone. */
export const useConfirm = () => useContext(ConfirmContext);

export function ConfirmProvider({ children }: { children: ReactNode }) {
  const [asked, setAsked] = useState<{ question: Question; answer: (yes: boolean) => void } | null>(
    null,
  );
  const confirm: Confirm = (question) => {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    setAsked({ question, answer: resolve });
    return promise;
  };
  const close = (yes: boolean) => {
    asked?.answer(yes);
    setAsked(null);
  };
  return (
    <ConfirmContext value={confirm}>
      {children}
      <AlertDialog.Root open={asked !== null} onOpenChange={(open) => !open && close(false)}>
        <AlertDialog.Portal>
          <AlertDialog.Overlay className="overlay" />
          <AlertDialog.Content className="dialog">
            <AlertDialog.Title>{asked?.question.title}</AlertDialog.Title>
            <AlertDialog.Description>{asked?.question.text}</AlertDialog.Description>
            <div className="actions actions-end">
              <AlertDialog.Cancel className="button">Cancel</AlertDialog.Cancel>
              <AlertDialog.Action className="button button-danger" onClick={() => close(true)}>
                {asked?.question.verb}
              </AlertDialog.Action>
            </div>
          </AlertDialog.Content>
        </AlertDialog.Portal>
      </AlertDialog.Root>
    </ConfirmContext>
  );
}
