import { HiApiError } from '../../../shared/errors/apiError';
import type { RunPorts } from '../ports/ports';
import { whyNotSuspend, type SuspendPreconditions } from './canSuspend';
import { blockedBy, waitingPath, type Answer } from './reachability';
import { allowedSuspension, latestEnd, shorterWait } from './timeLimit';

/** The URL at which one run of the node can be resumed. */
export interface ResumeAddress {
	/** The execution n8n resumes at this URL. */
	executionId: string;
	url: string;
	nonce: string;
}

/** What the user wants, and what is known of the execution. Functions are asked only where the answer counts. */
export interface WaitingQuestion {
	waitBy: 'polling' | 'callback' | 'callbackIfPossible';
	itemCount: number;
	executionId: string;
	/** The URL that an earlier try of this run has given HiAPI. */
	earlier?: ResumeAddress;
	/** The one that an earlier try or round, or the execution this one is a retry of, has given HiAPI. */
	sent?: ResumeAddress;
	/** Whether n8n's command line runs the workflow: its process ends when the execution is suspended. */
	isCommandLine: boolean;
	/** How long to poll first, and how long to be suspended, in milliseconds. Throws HiApiError when out of range. */
	readTimes(): { graceMs: number; wantedMs: number };
	/** The URL for this run; undefined when n8n offers none. */
	findAddress(): Promise<ResumeAddress | undefined>;
	findPreconditions(url: string | undefined): Promise<SuspendPreconditions>;
	/** When n8n ends this execution for taking too long; undefined when it does not. Milliseconds since 1970. */
	endsAtMs(nowMs: number): number | undefined;
	/** Sends `POST` without following redirects. Rejects when nobody answers. */
	call(url: string): Promise<Answer>;
}

type ChoicePorts = Pick<RunPorts, 'clock' | 'log' | 'hint'>;

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

/**
 * Decides how to wait, before any task is created.
 *
 * @throws HiApiError when the user insists on a callback and there is none to be had, or an option is out of range
 */
export async function chooseWaiting(
	question: WaitingQuestion,
	ports: ChoicePorts,
): Promise<WaitPlan> {
	const { waitBy, itemCount, earlier, sent } = question;
	if (itemCount === 0) return { by: 'polling', linksOnly: false };
	const linksOnly = waitBy !== 'polling';
	if (sent !== undefined && sent.executionId !== question.executionId) {
		tell(
			ports,
			'This is a retry: HiAPI calls the first execution when its tasks end, so this one waits by polling.',
		);
		return { by: 'polling', callbackUrl: sent.url, linksOnly };
	}
	if (!linksOnly) return { by: 'polling', linksOnly };
	const insists = waitBy === 'callback';
	// An earlier try or round may have created tasks with its URL; the same requests find them.
	const polling = { by: 'polling', callbackUrl: sent?.url, linksOnly } as const;
	if (question.isCommandLine && !insists) {
		tell(ports, "Waited by polling: n8n's command line ends when an execution is suspended.");
		return polling;
	}

	const { graceMs, wantedMs } = question.readTimes();
	const address = await question.findAddress();
	const preconditions = await question.findPreconditions(address?.url);
	const reason = whyNotSuspend(preconditions);
	if (reason !== undefined && insists) throw reason;
	if (reason !== undefined || address === undefined) {
		tell(
			ports,
			`Waited by polling: ${reason?.message ?? 'n8n has no callback URL for this execution'}.`,
		);
		return polling;
	}

	const nowMs = ports.clock.now();
	const endsAtMs = question.endsAtMs(nowMs);
	const limitMs = allowedSuspension(wantedMs, endsAtMs, nowMs, graceMs);
	if (limitMs instanceof HiApiError) {
		if (insists && earlier === undefined) throw limitMs;
		tell(ports, `Waited by polling: ${limitMs.message}.`);
		return polling;
	}
	// Once an earlier try has told HiAPI this URL, its requests must stay the same.
	const blocked =
		preconditions.apiIsLocal || earlier !== undefined
			? undefined
			: await describeBlock(question, address.url);
	if (blocked !== undefined && !insists) {
		tell(ports, `Waited by polling: ${blocked}`);
		return polling;
	}
	// This machine may see another answer than HiAPI, so it is no reason to refuse.
	if (blocked !== undefined) warn(ports, blocked);
	const shorter = shorterWait(wantedMs, limitMs);
	if (shorter !== undefined) tell(ports, shorter);
	return {
		by: 'callback',
		settings: { address, graceMs, limitMs, latestMs: latestEnd(endsAtMs) },
	};
}

/** What to say when something in front of n8n answers in its place; undefined when nothing is known to. */
async function describeBlock(
	{ call }: WaitingQuestion,
	resumeUrl: string,
): Promise<string | undefined> {
	const status = await blockedBy(call, resumeUrl);
	return status === undefined
		? undefined
		: `HiAPI will probably not reach this n8n: a call to ${waitingPath(resumeUrl)} was answered with ${status}, and not by n8n. Open this path to the internet, as /webhook/ is.`;
}

function warn({ log, hint }: ChoicePorts, message: string): void {
	log.warn(`HiAPI: ${message}`);
	hint(message, 'warning');
}

function tell({ log, hint }: ChoicePorts, message: string): void {
	log.info(`HiAPI: ${message}`);
	hint(message, 'info');
}
