import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { defineConfig, type Plugin } from 'vite';

/**
 * Builds the Node side into dist/desktop, so that an installed app needs no TypeScript: the main process, the
 * entries of its utility processes and of the core's threads as modules beside each other, and the preload
 * as one CommonJS file, which is all that a sandboxed renderer can load.
 */

/** Entries by the names that they have in dist/desktop. Threads are named by the modules that start them. */
const entries = {
  main: 'electron/main.ts',
  'core-entry': 'electron/host/desktop/core-entry.ts',
  'demo-entry': 'electron/host/desktop/demo-entry.ts',
  'store-worker': 'electron/core/store/store-worker.ts',
  'parse-worker': 'electron/core/sources/parse-worker.ts',
  'query-worker': 'electron/core/metrics/query-worker.ts',
  'routing-worker': 'electron/core/routing/routing-worker.ts',
  'authorities-worker': 'electron/core/sources/authorities-worker.ts',
} as const;

/** Native, or Electron's own: they stay packages. */
const external = ['electron', 'better-sqlite3'];
const outDir = 'dist/desktop';
const target = 'node24';

export default defineConfig({
  publicDir: false,
  plugins: [builtThreads()],
  environments: {
    desktop: {
      consumer: 'server',
      // Everything else is bundled, whatever a package says of itself.
      resolve: { noExternal: true, external },
      build: {
        outDir,
        target,
        ssr: true,
        minify: false,
        emptyOutDir: true,
        copyPublicDir: false,
        rolldownOptions: {
          input: entries,
          external,
          output: {
            format: 'esm',
            // One flat folder: what lies beside a module in the sources lies beside it here.
            entryFileNames: '[name].js',
            chunkFileNames: '[name]-[hash].js',
          },
        },
      },
    },
    preload: {
      consumer: 'server',
      resolve: { noExternal: true, external },
      build: {
        outDir,
        target,
        ssr: true,
        minify: false,
        emptyOutDir: false,
        copyPublicDir: false,
        rolldownOptions: {
          input: { preload: 'electron/preload.ts' },
          external,
          output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
        },
      },
    },
  },
  builder: {
    async buildApp(builder) {
      for (const name of ['desktop', 'preload']) {
        const environment = builder.environments[name];
        if (environment !== undefined) await builder.build(environment);
      }
    },
  },
});

/**
 * Threads are started by `new URL('./x-worker.ts', import.meta.url)`; in the build the file is `x-worker.js`.
 * One that is no entry above fails the build.
 */
function builtThreads(): Plugin {
  const named = /new URL\('\.\/([a-z-]+-worker)\.ts', import\.meta\.url\)/g;
  return {
    name: 'built-threads',
    enforce: 'pre',
    transform(code, id) {
      if (!named.test(code)) return null;
      return code.replaceAll(named, (_whole, name: string) => {
        const source = join(dirname(id), `${name}.ts`);
        const entry: string | undefined = entries[name as keyof typeof entries];
        if (entry === undefined || !source.endsWith(entry))
          this.error(`${basename(id)} starts ${name}, which is no entry of vite.desktop.config.ts`);
        readFileSync(source);
        return `new URL('./${name}.js', import.meta.url)`;
      });
    },
  };
}
