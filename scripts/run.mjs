// The one entry of every npm script. It is plain JavaScript that also runs on old versions of Node, so that
// these can be refused by name; everything behind it is TypeScript that Node itself strips of its types.
const oldest = [22, 19];

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
  console.error(
    `OpsSight needs Node ${oldest.join('.')} or later; this is Node ${process.versions.node}. ` +
      'Run `npm ci` and then the npm script (`npm start`, `npm test`): npm brings Node 24 for its scripts.',
  );
  process.exit(1);
}

// Loaded only now: old versions of Node, refused above, do not have it.
const { enableCompileCache } = await import('node:module');
enableCompileCache(new URL('../node_modules/.cache/compiled', import.meta.url).pathname);

/** Each module exports `main(argv)`, which answers the exit code. */
const modules = new Map([
  ['start', './start.ts'],
  ['build', './build.ts'],
  ['opssight', '../electron/cli/main.ts'],
  ['test', './test.ts'],
  ['icons', './icons.ts'],
  ['package', './package.ts'],
  ['dist', './dist.ts'],
  ['sign-update', './sign-update.ts'],
  ['conformance', '../test/conformance/main.ts'],
  ['bench:start', '../test/bench/start.ts'],
  ['bench:views', '../test/bench/views.ts'],
  ['bench:inbox', '../test/bench/inbox/main.ts'],
  ['bench:promql', '../test/bench/promql/main.ts'],
]);

const [name = '', ...argv] = process.argv.slice(2);
const path = modules.get(name);
if (path === undefined) {
  console.error(`usage: node scripts/run.mjs ${[...modules.keys()].join('|')} [arguments]`);
  process.exit(2);
}
const { main } = await import(path);
process.exitCode = await main(argv);
