import { labelOf, type Labels } from '#shared/model/labels.ts';

/**
 * What a label says about an alert, and so whether a silence ought to ask for it. A silence outlives the
 * alert that it was made from: what changes while the trouble stays the same must not be in it, or the page
 * comes back with the next value.
 *
 * `name`, `service` and `place` identify the trouble and are asked for whenever they are there. `scope`,
 * `part` and `grade` are asked for where others would be taken without them. `incarnation` names one life of
 * a thing (a pod with a generated name, a container's id): it ends before the trouble does, and is asked
 * for only where nothing else spares an alert that fires now. `copy` tells which of several watchers of the
 * same thing saw it, and is never asked for.
 */
export const labelKinds = [
  'name',
  'service',
  'place',
  'scope',
  'part',
  'grade',
  'incarnation',
  'copy',
] as const;
export type LabelKind = (typeof labelKinds)[number];

/** In the order in which they are preferred; of the services and of the places the first present is enough. */
const services = ['service', 'app', 'application', 'app_kubernetes_io_name', 'component', 'job'];
const places = ['instance', 'host', 'hostname', 'node', 'nodename', 'server', 'target', 'pod'];
const scopes = [
  'cluster',
  'environment',
  'env',
  'stage',
  'namespace',
  'datacenter',
  'region',
  'zone',
  'tenant',
  'team',
];
const grades = ['severity', 'priority', 'level'];
const incarnations = [
  'container_id',
  'id',
  'uid',
  'pid',
  'image',
  'image_id',
  'pod_ip',
  'pod_template_hash',
  'replicaset',
  'controller_revision_hash',
  'build',
  'revision',
  'version',
];
const copies = [
  'replica',
  'prometheus',
  'prometheus_replica',
  '__replica__',
  'receive',
  'receive_replica',
  'ruler_replica',
  'monitor',
  'endpoint',
];

const kindOfName = new Map<string, LabelKind>([
  ['alertname', 'name'],
  ...services.map((name) => [name, 'service'] as const),
  ...places.map((name) => [name, 'place'] as const),
  ...scopes.map((name) => [name, 'scope'] as const),
  ...grades.map((name) => [name, 'grade'] as const),
  ...incarnations.map((name) => [name, 'incarnation'] as const),
  ...copies.map((name) => [name, 'copy'] as const),
]);
const preference = new Map([...services, ...places, ...scopes].map((name, index) => [name, index]));

/**
 * What names that a machine made look like: the hash and the five characters that a Deployment gives its pods,
 * the five of a DaemonSet or a Job, UUIDs and digests. Kubernetes' alphabet has no vowels; five characters
 * alone have to have a digit too, or they may be a word. A StatefulSet's `db-0` is no such name.
 * Source: kubernetes apimachinery pkg/util/rand.
 */
const generatedNames = [
  /-[bcdfghjklmnpqrstvwxz2456789]{8,10}-[bcdfghjklmnpqrstvwxz2456789]{5}$/,
  /-(?=[a-z]*[2-9])[bcdfghjklmnpqrstvwxz2456789]{5}$/,
  /[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}/i,
  /(^|[^0-9a-z])[0-9a-f]{12,}$/i,
];
const address = /^(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-fA-F:]+\])(:\d+)?$/;

/** @param labels of the whole alert: where a pod is named, an address is that pod's and goes with it. */
export function labelKindOf(name: string, labels: Labels): LabelKind {
  const kind = kindOfName.get(name) ?? 'part';
  if (kind === 'copy' || kind === 'name' || kind === 'grade') return kind;
  const value = labelOf(labels, name);
  if (generatedNames.some((pattern) => pattern.test(value))) return 'incarnation';
  const isOfPod = labelOf(labels, 'pod') !== '' && name !== 'pod';
  return isOfPod && kind === 'place' && address.test(value) ? 'incarnation' : kind;
}

/** Whether a label tells only which watcher saw the alert: without it two such alerts are one. */
export function tellsCopies(name: string): boolean {
  return kindOfName.get(name) === 'copy';
}

/** Smaller is asked for first among labels of one kind. */
export function preferenceOf(name: string): number {
  return preference.get(name) ?? preference.size;
}

/** What an alert is called in a list of what a silence hides: its name and what tells it apart. */
export function identityOf(labels: Labels): string {
  const first = (names: readonly string[]): string =>
    names.map((name) => labelOf(labels, name)).find((value) => value !== '') ?? '';
  return [labelOf(labels, 'alertname') || 'Unnamed alert', first(services), first(places)]
    .filter((value) => value !== '')
    .join(' ');
}
