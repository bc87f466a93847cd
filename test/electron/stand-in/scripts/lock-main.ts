import { app } from 'electron';

/** The first start stays and keeps what later ones were started with; a later one ends at once. */
const starts: string[][] = [];
const isFirst = app.requestSingleInstanceLock();
Object.assign(globalThis, { isFirst, starts });
if (isFirst) app.on('second-instance', (_event, argv) => starts.push(argv));
else app.quit();
