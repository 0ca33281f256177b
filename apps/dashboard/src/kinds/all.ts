import { httpForm } from './http.tsx';
import type { KindForm, KindName } from './kind.ts';
import { tcpForm } from './tcp.tsx';
import { websocketForm } from './websocket.tsx';

export const KIND_FORMS: Readonly<Record<KindName, KindForm>> = {
  http: httpForm,
  tcp: tcpForm,
  websocket: websocketForm,
};

export const KIND_NAMES = Object.keys(KIND_FORMS) as readonly KindName[];
