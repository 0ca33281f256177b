import { Toast } from 'radix-ui';
import { createContext, useContext, useState, type ReactNode } from 'react';
import { Icon } from './icons.tsx';

interface Message {
  readonly key: number;
  readonly text: string;
  readonly bad: boolean;
}

type Say = (text: string, bad?: boolean) => void;

const ToastContext = createContext<Say>(() => undefined);

/** Says in passing what was done, or why it was not. */
export const useToast = () => useContext(ToastContext);

export function ToastProvider({ children }: { children: ReactNode }) {
  const [messages, setMessages] = useState<readonly Message[]>([]);
  const say: Say = (text, bad = false) =>
    setMessages((all) => [...all.slice(-2), { key: performance.now(), text, bad }]);
  return (
    <ToastContext value={say}>
      <Toast.Provider duration={5000} label="Message">
        {children}
        {messages.map(({ key, text, bad }) => (
          <Toast.Root
            key={key}
            className={bad ? 'toast toast-bad' : 'toast'}
            type={bad ? 'foreground' : 'background'}
            onOpenChange={(open) =>
              !open && setMessages((all) => all.filter((message) => message.key !== key))
            }
          >
            <Toast.Description>{text}</Toast.Description>
            <Toast.Close className="button-icon" aria-label="Close">
              <Icon name="close" />
            </Toast.Close>
          </Toast.Root>
        ))}
        <Toast.Viewport className="toasts" />
      </Toast.Provider>
    </ToastContext>
  );
}
