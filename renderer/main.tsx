import '@patternfly/react-core/dist/styles/base.css';
import './styles/tokens.css';
import './styles/frame.css';
import './styles/stepper.css';
import './styles/stage.css';
import './styles/details.css';
import './styles/card.css';
import './styles/run.css';
import './styles/matrix.css';
import './styles/home.css';
import './styles/choose.css';
import './styles/narrow.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { createHttpClient } from './clients/http.ts';
import { createIpcClient } from './clients/ipc.ts';
import { startTheme } from './theme.ts';

startTheme();
const client =
  window.bringup === undefined
    ? createHttpClient(new URL('.', window.location.href))
    : createIpcClient(window.bringup);
const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <App client={client} />
    </StrictMode>,
  );
}
