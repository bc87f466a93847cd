import { argv } from 'node:process';

/**
 * The bare floor: a process that does nothing else fetches an answer and parses it.
 * `node bare-fetch.ts URL TIMES` prints one line of JSON: bytes, and the milliseconds of each time.
 */
const [url = '', times = '1'] = argv.slice(2);
const tookMs: number[] = [];
let bytes = 0;
for (let time = 0; time < Number(times); time++) {
  const startedAtMs = performance.now();
  const answer = await fetch(url);
  const body = await answer.arrayBuffer();
  const rows = JSON.parse(new TextDecoder().decode(body)) as unknown[];
  tookMs.push(performance.now() - startedAtMs);
  bytes = body.byteLength;
  if (rows.length === 0) throw new Error('the answer is empty');
}
process.stdout.write(`${JSON.stringify({ bytes, tookMs })}\n`);
