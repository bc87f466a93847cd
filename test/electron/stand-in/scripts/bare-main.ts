import { app } from 'electron';

/** An application that does nothing of itself: the test does it in its main process. */
app.enableSandbox();
app.on('window-all-closed', () => undefined);
