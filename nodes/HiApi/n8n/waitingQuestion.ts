import type { IDataObject, IExecuteFunctions, NodeTypeAndVersion } from 'n8n-workflow';

import { createClient, CREDENTIAL_TYPE } from '../../shared/api/client';
import { systemClock } from '../../shared/clock';
import { isCombined, isCommandLine, isInlineTool } from '../../shared/n8nCompat';
import { isRecord, trimmedOrUndefined } from '../../shared/values';
import type { SuspendPreconditions } from '../generation/suspend/canSuspend';
import type { WaitingQuestion } from '../generation/suspend/chooseWaiting';
import type { Answer } from '../generation/suspend/reachability';
import { suspensionNonce } from '../generation/suspend/resumeNonce';
import { waitingCaller } from '../generation/suspend/webCaller';
import { dependsOnItem } from '../parameters/account';
import { readSuspensionTimes } from '../parameters/waitBy';
import { knownAddress, resumeAddress, sentAddress } from './suspension';

const PATIENCE_MS = 3_000;

/**
 * What `chooseWaiting` asks of n8n.
 *
 * @param taskCount how many tasks all items ask for together
 */
export function waitingQuestion(context: IExecuteFunctions, taskCount: number): WaitingQuestion {
	const itemCount = context.getInputData().length;
	return {
		waitBy:
			itemCount === 0
				? 'polling'
				: (context.getNodeParameter('waitBy', 0, 'polling') as WaitingQuestion['waitBy']),
		itemCount,
		executionId: context.getExecutionId(),
		earlier: knownAddress(context),
		sent: sentAddress(context),
		isCommandLine: isCommandLine(context),
		readTimes: () => readSuspensionTimes(context),
		findAddress: async () => {
			const { apiKey } = await context.getCredentials(CREDENTIAL_TYPE);
			return resumeAddress(context, (wait) => suspensionNonce(String(apiKey), wait));
		},
		findPreconditions: async (url) => ({
			...(await findPreconditions(context, url)),
			hasVariations: taskCount > itemCount,
		}),
		endsAtMs: (nowMs) => executionEndsAt(context, nowMs),
		call: async (url) =>
			(await context.helpers.httpRequest({
				method: 'POST',
				url,
				timeout: PATIENCE_MS,
				disableFollowRedirect: true,
				ignoreHttpStatusErrors: true,
				returnFullResponse: true,
			})) as Answer,
	};
}

async function findPreconditions(
	context: IExecuteFunctions,
	url: string | undefined,
): Promise<Omit<SuspendPreconditions, 'hasVariations'>> {
	const { webhookSecret } = await context.getCredentials(CREDENTIAL_TYPE);
	return {
		url,
		apiIsLocal: (await createClient(context, systemClock)).isLocal,
		needsSecret: context.getNodeParameter('verification', 0, 'signature') === 'signature',
		hasSecret: trimmedOrUndefined(webhookSecret) !== undefined,
		isInlineTool: isInlineTool(context),
		credentialDependsOnItem: await dependsOnItem(context),
		isCombined: isCombined(context),
		waitingCaller: waitingCallerOf(context),
	};
}

/** When the execution's first node began, in milliseconds since 1970; undefined for none. */
function startOf({ runExecutionData }: { runExecutionData?: unknown }): number | undefined {
	const { resultData } = isRecord(runExecutionData) ? runExecutionData : {};
	const { runData } = isRecord(resultData) ? resultData : {};
	const starts = Object.values(isRecord(runData) ? runData : {})
		.flat()
		.map((run) => (isRecord(run) ? run.startTime : undefined))
		.filter((startTime) => typeof startTime === 'number');
	return starts.length === 0 ? undefined : Math.min(...starts);
}

/**
 * When n8n ends this execution for taking too long, in milliseconds since 1970; undefined when it does not. Seen in n8n 2.41
 * (wait-tracker.js, workflow-runner.js): in regular mode an execution that goes on without a callback is cancelled when more
 * than the limit has passed since its start. Nodes are told a time that counts from when it last went on, which is too
 * late in a loop's next round, so the start and the workflow's own limit count as well. n8n's general limit
 * (`EXECUTIONS_TIMEOUT`) is in that time only.
 *
 * @param nowMs milliseconds since 1970
 */
export function executionEndsAt(context: IExecuteFunctions, nowMs: number): number | undefined {
	const { additionalData } = context as { additionalData?: unknown };
	const told = isRecord(additionalData) ? additionalData.executionTimeoutTimestamp : undefined;
	const seconds: unknown = context.getWorkflowSettings().executionTimeout;
	const ends = [
		...(typeof told === 'number' && told > 0 ? [told] : []),
		...(typeof seconds === 'number' && seconds > 0
			? [(startOf(context as object) ?? nowMs) + seconds * 1000]
			: []),
	];
	return ends.length === 0 ? undefined : Math.min(...ends);
}

/** The node whose caller waits for the result of this execution, by its name. A retry has no caller any more. */
export function waitingCallerOf(context: IExecuteFunctions): string | undefined {
	// Older n8n, and agents that run their tools inside themselves, do not offer all of this.
	const { getMode, getParentNodes, getExecuteData } = context as Partial<IExecuteFunctions>;
	if (getParentNodes === undefined || getMode?.call(context) === 'retry') return undefined;
	// A tool has no nodes before it but those before its agent.
	const previous = getExecuteData?.call(context)?.source?.main?.[0]?.previousNode;
	const names = new Set([context.getNode().name, ...(previous === undefined ? [] : [previous])]);
	const before = [...names].flatMap((name) =>
		context.getParentNodes(name, { includeNodeParameters: true }),
	);
	const ancestors = new Map(
		before.filter((node) => hasRun(context, node)).map((node) => [node.name, node]),
	);
	return waitingCaller(
		[...ancestors.values()].map(({ name, type, parameters }) => ({
			name,
			type,
			parameters: (parameters ?? {}) as IDataObject,
			followers: context
				.getChildNodes(name)
				.filter(({ disabled }) => !disabled)
				.map((follower) => ({ type: follower.type, hasRun: hasRun(context, follower) })),
		})),
	);
}

function hasRun(context: IExecuteFunctions, { name, disabled }: NodeTypeAndVersion): boolean {
	if (disabled) return false;
	const node = context.getWorkflowDataProxy(0).$ as (name: string) => { isExecuted?: boolean };
	return node(name).isExecuted === true;
}
