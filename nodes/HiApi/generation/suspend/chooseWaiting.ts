import type { IExecuteFunctions } from 'n8n-workflow';

import { createClient, CREDENTIAL_TYPE } from '../../../shared/api/client';
import { HiApiError } from '../../../shared/errors/apiError';
import { isCombined, isCommandLine, isInlineTool, showHint } from '../../../shared/n8nCompat';
import { trimmedOrUndefined } from '../../../shared/values';
import { systemClock } from '../../../shared/clock';
import { knownAddress, resumeAddress, type ResumeAddress } from './resumeUrl';
import { suspensionNonce } from './resumeNonce';
import { dependsOnItem } from '../../parameters/account';
import { numberOption, optionsOf } from '../../parameters/readers';
import { whyNotSuspend } from './canSuspend';
import { blockedBy, waitingPath } from './reachability';
import { allowedSuspension, executionEndsAt, latestEnd, shorterWait } from './timeLimit';
import { callerOf } from './webCaller';

/** How a suspended run waits. Times in milliseconds. */
export interface SuspensionSettings {
	address: ResumeAddress;
	graceMs: number;
	limitMs: number;
	/** When it has to go on whatever the limit, because n8n ends it soon after; in milliseconds since 1970. */
	latestMs: number;
}

/** How Run and Wait will wait. */
export type WaitPlan =
	| { by: 'callback'; settings: SuspensionSettings }
	| {
			by: 'polling';
			/** What an earlier execution told HiAPI to call. Its requests are sent again as they were, to find its tasks. */
			callbackUrl?: string;
			/** Whether the user chose the output of a suspended wait: links, no files. */
			linksOnly: boolean;
	  };

/** Whether the user wants the execution to be suspended, at least where that is possible. */
function wantsSuspension(context: IExecuteFunctions): boolean {
	return ['callback', 'callbackIfPossible'].includes(
		context.getNodeParameter('waitBy', 0, 'polling') as string,
	);
}

/**
 * Decides how to wait, before anything is bought.
 *
 * @throws HiApiError when the user insists on a callback and there is none to be had, or an option is out of range
 */
export async function chooseWaiting(context: IExecuteFunctions): Promise<WaitPlan> {
	const items = context.getInputData();
	if (items.length === 0) return { by: 'polling', linksOnly: false };
	const linksOnly = wantsSuspension(context);
	const earlier = knownAddress(context);
	if (earlier !== undefined && earlier.executionId !== context.getExecutionId()) {
		tell(
			context,
			'This is a retry: the tasks bought before call the first execution, so this one waits by polling.',
		);
		return { by: 'polling', callbackUrl: earlier.url, linksOnly };
	}
	if (!linksOnly) return { by: 'polling', linksOnly };
	if (isCommandLine(context) && context.getNodeParameter('waitBy', 0) !== 'callback') {
		tell(context, "Waited by polling: n8n's command line ends when an execution is suspended.");
		return { by: 'polling', linksOnly };
	}

	const options = optionsOf(context, 0);
	const graceMs =
		numberOption(options, 'grace', 'Look First (Seconds)', 15, { least: 0, most: 300 }) * 1000;
	const wantedMs =
		numberOption(options, 'suspensionLimit', 'Suspend at Most (Minutes)', 60, { above: 0 }) *
		60_000;
	const credential = await context.getCredentials(CREDENTIAL_TYPE);
	const address = resumeAddress(context, (wait) =>
		suspensionNonce(String(credential.apiKey), wait),
	);
	const apiIsLocal = (await createClient(context, systemClock)).isLocal;
	const reason = whyNotSuspend({
		url: address?.url,
		apiIsLocal,
		needsSecret: context.getNodeParameter('verification', 0, 'signature') === 'signature',
		hasSecret: trimmedOrUndefined(credential.webhookSecret) !== undefined,
		isInlineTool: isInlineTool(context),
		credentialDependsOnItem: await dependsOnItem(context),
		isCombined: isCombined(context),
		waitingCaller: callerOf(context),
	});
	const insists = context.getNodeParameter('waitBy', 0) === 'callback';
	if (reason !== undefined && insists) throw reason;
	if (reason !== undefined || address === undefined) {
		tell(
			context,
			`Waited by polling: ${reason?.message ?? 'n8n has no callback URL for this execution'}.`,
		);
		return { by: 'polling', linksOnly };
	}

	const now = systemClock.now();
	const endsAtMs = executionEndsAt(context, now);
	const limitMs = allowedSuspension(wantedMs, endsAtMs, now, graceMs);
	if (limitMs instanceof HiApiError) {
		if (insists && earlier === undefined) throw limitMs;
		tell(context, `Waited by polling: ${limitMs.message}.`);
		// An earlier try may have bought tasks with this URL; the same requests find them.
		return { by: 'polling', callbackUrl: earlier?.url, linksOnly };
	}
	// Once an earlier try has told HiAPI this URL, its requests must stay the same.
	const blocked =
		apiIsLocal || earlier !== undefined ? undefined : await describeBlock(context, address.url);
	if (blocked !== undefined && !insists) {
		tell(context, `Waited by polling: ${blocked}`);
		return { by: 'polling', linksOnly };
	}
	// This machine may see another answer than HiAPI, so it is no reason to refuse.
	if (blocked !== undefined) warn(context, blocked);
	const shorter = shorterWait(wantedMs, limitMs);
	if (shorter !== undefined) tell(context, shorter);
	return {
		by: 'callback',
		settings: { address, graceMs, limitMs, latestMs: latestEnd(endsAtMs) },
	};
}

/** What to say when something in front of n8n answers in its place; undefined when nothing is known to. */
async function describeBlock(
	context: IExecuteFunctions,
	resumeUrl: string,
): Promise<string | undefined> {
	const status = await blockedBy(context, resumeUrl);
	return status === undefined
		? undefined
		: `HiAPI will probably not reach this n8n: a call to ${waitingPath(resumeUrl)} was answered with ${status}, and not by n8n. Open this path to the internet, as /webhook/ is.`;
}

function warn(context: IExecuteFunctions, message: string): void {
	context.logger.warn(`HiAPI: ${message}`);
	showHint(context, message, 'warning');
}

function tell(context: IExecuteFunctions, message: string): void {
	context.logger.info(`HiAPI: ${message}`);
	showHint(context, message, 'info');
}
