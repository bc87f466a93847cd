import { serveConsole } from '#host/browser/serve-console.ts';

/** `serve-fixture.ts CONFIG DATA WINDOW`: what `npm start` does, with any folder as the built window. */
const [configurationPath = '', dataDirectory = '', windowDirectory = ''] = process.argv.slice(2);
process.exitCode = await serveConsole(
  { configurationPath, dataDirectory, windowDirectory, port: 0 },
  { print: (line) => console.log(line), warn: (line) => console.error(line) },
);
