import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Refusal } from './api.ts';
import { ConfirmProvider } from './parts/forms/confirm.tsx';
import { ToastProvider } from './parts/toasts.tsx';
import { createDashboardRouter } from './router.tsx';
import { applyTheme, readTheme } from './theme.ts';
import './styles/tokens.css';
import './styles/layout.css';
import './styles/page.css';
import './styles/buttons.css';
import './styles/forms.css';
import './styles/choices.css';
import './styles/layers.css';
import './styles/lists.css';
import './styles/states.css';
import './styles/content.css';
import './styles/narrow.css';

applyTheme(readTheme());

const MAX_RETRIES = 2;
const retry = (failures: number, error: Error) =>
  failures < MAX_RETRIES && !(error instanceof Refusal && error.status < 500);
const queryClient = new QueryClient({ defaultOptions: { queries: { retry, staleTime: 2000 } } });
const router = createDashboardRouter(queryClient);

const root = document.getElementById('root');
if (!root) throw new Error('The page has no root');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <ToastProvider>
        <ConfirmProvider>
          <RouterProvider router={router} />
        </ConfirmProvider>
      </ToastProvider>
    </QueryClientProvider>
  </StrictMode>,
);
