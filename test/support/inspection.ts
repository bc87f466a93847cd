import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { alertStates } from '#shared/model/alert.ts';
import { inProject } from '../../scripts/project.ts';

const run = promisify(execFile);

/** What tests rely on in the document of `opssight inspect --json`; there is more in it. */
const inspectionSchema = v.object({
  incidents: v.array(
    v.object({
      id: v.number(),
      title: v.string(),
      state: v.picklist(alertStates),
      resolvedAtMs: v.nullable(v.number()),
      timeline: v.array(v.object({ kind: v.string(), text: v.string() })),
    }),
  ),
  alerts: v.array(
    v.object({
      state: v.picklist(alertStates),
      endedAtMs: v.nullable(v.number()),
      sources: v.array(v.string()),
    }),
  ),
  notifications: v.array(
    v.object({ incidentId: v.number(), title: v.string(), outcome: v.nullable(v.string()) }),
  ),
  sources: v.array(v.object({ name: v.string(), state: v.string() })),
  coverage: v.array(v.unknown()),
});
export type Inspection = v.InferOutput<typeof inspectionSchema>;

/** What `npm run --silent opssight -- inspect --data DIR --json` prints. */
export async function inspectData(dataDirectory: string): Promise<Inspection> {
  const args = [inProject('scripts/run.mjs'), 'opssight', 'inspect', '--data', dataDirectory, '--json'];
  const { stdout } = await run(process.execPath, args, { timeout: 20_000, maxBuffer: 64 * 1024 * 1024 });
  return v.parse(inspectionSchema, JSON.parse(stdout));
}
