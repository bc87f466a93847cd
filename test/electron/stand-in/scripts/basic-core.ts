/** Answers what it is asked with a column, and says what it was given as environment. */
process.parentPort.on('message', ({ ports }) => {
  const [port] = ports;
  port?.on('message', ({ data }) =>
    port.postMessage({
      asked: data as unknown,
      column: new Float64Array([1.5, Number.NaN]),
      env: Object.keys(process.env),
    }),
  );
  port?.start();
});
