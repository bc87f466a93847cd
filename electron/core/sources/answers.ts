import {
  readAlerts as readAlertmanagerAlerts,
  readGroups,
  readReceivers,
  readSilence,
  readSilenceId,
  readSilences,
  readStatus,
} from './alertmanager/answers.ts';
import type { ReadJson } from './checked.ts';
import {
  readDependencies,
  readIntroduction,
  readOperations,
  readPageVersion,
  readServices,
  readSummaries,
  readTraces,
} from './jaeger/answers.ts';
import {
  readBuildInfo as readLokiBuildInfo,
  readDetectedFields,
  readDetectedFieldValues,
  readDetectedLabels,
  readIndexStats,
  readLabelSets as readLokiLabelSets,
  readNames as readLokiNames,
  readPatterns,
} from './loki/answers.ts';
import { readBackward, readForward, readTailFrame } from './loki/lines-answer.ts';
import { readSeries as readLokiSeries } from './loki/series-answer.ts';
import {
  readAlerts as readPrometheusAlerts,
  readBuildInfo,
  readFlags,
  readGlobalSettings,
  readHeadStatistics,
  readLabelSets,
  readMetadata,
  readNames,
  readRules,
  readRuntimeInfo,
  readTargets,
} from './prometheus/list-answers.ts';
import { readReadResponse } from './prometheus/remote-read.ts';
import { readSeries } from './prometheus/series-answer.ts';

/**
 * Every answer that the clients read, by name: a name can be sent to the parsing thread, a function
 * cannot. To add an endpoint, add its reader here and its method in the client.
 */
export const answers = {
  'alertmanager.alerts': readAlertmanagerAlerts,
  'alertmanager.groups': readGroups,
  'alertmanager.receivers': readReceivers,
  'alertmanager.silence': readSilence,
  'alertmanager.silenceId': readSilenceId,
  'alertmanager.silences': readSilences,
  'alertmanager.status': readStatus,
  'jaeger.dependencies': readDependencies,
  'jaeger.introduction': readIntroduction,
  'jaeger.operations': readOperations,
  'jaeger.page': readPageVersion,
  'jaeger.services': readServices,
  'jaeger.summaries': readSummaries,
  'jaeger.traces': readTraces,
  'loki.backward': readBackward,
  'loki.buildInfo': readLokiBuildInfo,
  'loki.detectedFieldValues': readDetectedFieldValues,
  'loki.detectedFields': readDetectedFields,
  'loki.detectedLabels': readDetectedLabels,
  'loki.forward': readForward,
  'loki.indexStats': readIndexStats,
  'loki.labelSets': readLokiLabelSets,
  'loki.names': readLokiNames,
  'loki.patterns': readPatterns,
  'loki.series': readLokiSeries,
  'loki.tailFrame': readTailFrame,
  'prometheus.alerts': readPrometheusAlerts,
  'prometheus.buildInfo': readBuildInfo,
  'prometheus.flags': readFlags,
  'prometheus.globalSettings': readGlobalSettings,
  'prometheus.head': readHeadStatistics,
  'prometheus.labelSets': readLabelSets,
  'prometheus.metadata': readMetadata,
  'prometheus.names': readNames,
  'prometheus.rawSamples': readReadResponse,
  'prometheus.rules': readRules,
  'prometheus.runtimeInfo': readRuntimeInfo,
  'prometheus.series': readSeries,
  'prometheus.targets': readTargets,
} as const satisfies Record<string, ReadJson<unknown, unknown>>;

export type AnswerName = keyof typeof answers;

/** Answers whose readers take the text as it came: their integers are longer than a number of JSON holds. */
export const textAnswers: ReadonlySet<AnswerName> = new Set<AnswerName>(['jaeger.page', 'jaeger.traces']);

/** Answers that are no text at all: their readers take the bytes. */
export const binaryAnswers: ReadonlySet<AnswerName> = new Set<AnswerName>(['prometheus.rawSamples']);

/** What reading an answer of that name gives. */
export type ListingOf<Name extends AnswerName> = Extract<
  ReturnType<(typeof answers)[Name]>,
  { readonly ok: true }
>['value'];
