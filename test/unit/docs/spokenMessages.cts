import type { IBinaryData } from 'n8n-workflow';

import { HiApiApi } from '../../../credentials/HiApiApi.credentials';
import { fetchTestEvent } from '../../../nodes/HiApiPollingTrigger/testEvent';
import { receiveCallback } from '../../../nodes/HiApiTrigger/receive';
import { malformed, unsigned } from '../../../nodes/shared/webhook/refusal';
import { impediment, type Circumstances } from '../../../nodes/HiApi/suspended/impediments';
import { checkSize, placeFiles, planFile } from '../../../nodes/HiApi/resources/task/binaryInput';
import { toOutcome } from '../../../nodes/HiApi/resources/task/outcome';
import { checkMaximumTasks, requiredText } from '../../../nodes/HiApi/resources/task/parameters';
import { promptText } from '../../../nodes/HiApi/resources/task/promptText';
import { notStarted } from '../../../nodes/HiApi/resources/task/workOnItems';
import { createClient } from '../../../nodes/shared/api/client';
import type { RequestFailure } from '../../../nodes/shared/api/envelope';
import { describeRequestFailure, describeTaskFailure } from '../../../nodes/shared/api/failure';
import type { RequestPurpose } from '../../../nodes/shared/api/failureWording';
import { readInput } from '../../../nodes/shared/api/taskRequest';
import { numberOption } from '../../../nodes/shared/numberOption';
import type { DownloadProblem } from '../../../nodes/shared/outputs/downloadProblem';
import { wordDownloadProblem } from '../../../nodes/shared/outputs/downloadWording';
import { wordRejection } from '../../../nodes/shared/outputs/storageRejection';
import { systemTiming } from '../../../nodes/shared/timing';
import { describeCallbackUrl } from '../../../nodes/shared/webhook/callbackUrl';
import type { MalformedReason } from '../../../nodes/shared/webhook/delivery';
import type { SignatureProblem } from '../../../nodes/shared/webhook/signature';
import { fakeExecution } from '../HiApi/resources/task/fakeExecution.cts';
import { fakePoll, pageOf } from '../HiApiPollingTrigger/fakePoll.cts';
import { errorReply, fakeWebhook } from '../shared/webhook/fakeWebhook.cts';

const TASK = 'tk-hiapi-01HZTQ8BX2N3GM3YFK4Z9D7VQR';
const PURPOSES: RequestPurpose[] = ['create', 'read', 'list'];
const STATUSES = [400, 401, 402, 403, 404, 408, 409, 413, 415, 422, 425, 429, 500, 502, 503, 504];
const CODES = [
	'MODEL_UNAVAILABLE',
	'INSUFFICIENT_QUOTA',
	'IDEMPOTENCY_KEY_PROCESSING',
	'IDEMPOTENCY_KEY_MISMATCH',
	'TASK_FAILED',
	'TASK_TIMEOUT',
	'STORAGE_UNAVAILABLE',
];

/** The message a call ends with. Throws an Error when it goes well. */
async function messageOf(call: () => unknown): Promise<string> {
	try {
		await call();
	} catch (error) {
		return (error as Error).message;
	}
	throw new Error(`nothing was wrong in ${call.toString()}`);
}

/** What the node says when HiAPI refuses a request, or nobody answers. */
export function requestMessages(): string[] {
	const failures: RequestFailure[] = [
		...STATUSES.map((status): RequestFailure => ({ kind: 'answer', status })),
		...CODES.map((code): RequestFailure => ({ kind: 'answer', status: 400, code })),
		...['ECONNREFUSED', 'BLOCKED', 'STOPPED'].map(
			(networkCode): RequestFailure => ({ kind: 'network', networkCode }),
		),
		{ kind: 'unreadable' },
		{ kind: 'redirect', status: 302 },
	];
	return PURPOSES.flatMap((purpose) =>
		failures.map((failure) => describeRequestFailure(failure, purpose).message),
	);
}

/** What it says about files that did not arrive. */
export function downloadMessages(): string[] {
	const problems: DownloadProblem[] = [
		...[302, 404, 500].map((status): DownloadProblem => ({ kind: 'status', status })),
		{ kind: 'network', code: 'ECONNRESET' },
		...(
			[
				'stalled',
				'stopped',
				'tooLarge',
				'tooManyRedirects',
				'blocked',
				'notHttp',
				'private',
				'empty',
				'page',
				'text',
			] as const
		).map((kind): DownloadProblem => ({ kind })),
		{ kind: 'notStored', message: 'no space left on device' },
	];
	const situation = { taskId: TASK, maximumBytes: 2e9, nowMs: Date.parse('2026-02-01') };
	return ['2026-01-01T00:00:00.000Z', null].flatMap((expiresAt) =>
		problems.map((problem) => wordDownloadProblem(problem, { ...situation, expiresAt }).message),
	);
}

/** What it says about stored outputs HiAPI refuses. */
export function storageMessages(): string[] {
	const reasons = [
		'not_owned',
		'insufficient',
		'cap_exceeded',
		'not_promotable',
		'already_deleted',
		'storage_op_pending',
		'not_mentioned',
		'something_new',
	];
	return reasons.map((reason) => wordRejection('90216', reason).message);
}

/** Why it refuses to suspend an execution, and what it says about callback URLs. */
export function addressMessages(): string[] {
	const fine: Circumstances = {
		url: 'https://n8n.example.com/webhook-waiting/7',
		apiIsLocal: false,
		needsSecret: true,
		hasSecret: true,
		isInlineTool: false,
		hasIdempotencyKey: false,
	};
	const bad: Array<Partial<Circumstances>> = [
		{ isInlineTool: true },
		{ hasIdempotencyKey: true },
		{ url: undefined },
		{ url: 'http://localhost:5678/x' },
		{ hasSecret: false },
	];
	const urls = [
		'ftp://example.com/',
		'https://localhost/webhook/x',
		'https://n8n.example.com/webhook-test/x',
		'http://n8n.example.com/webhook/x',
	];
	return [
		...bad.map((change) => impediment({ ...fine, ...change })?.message ?? ''),
		...urls.map((url) => describeCallbackUrl(url).problem ?? ''),
	];
}

/** What the HiAPI Trigger writes into n8n's log when it refuses a request. */
export async function triggerLines(): Promise<string[]> {
	const problems: Record<SignatureProblem, true> = {
		noSecret: true,
		missingTimestamp: true,
		missingSignature: true,
		malformedTimestamp: true,
		malformedSignature: true,
		outsideWindow: true,
		mismatch: true,
	};
	const reasons: Record<MalformedReason, true> = {
		notJson: true,
		notAnObject: true,
		noTaskId: true,
	};
	const unsignedCall = {
		parameters: { verification: 'readBack', events: ['task.success'] },
		credential: {},
		body: `{"taskId":"${TASK}","status":"success"}`,
	};
	const readBack = [404, 500].map((status) =>
		fakeWebhook({ ...unsignedCall, apiReply: errorReply(status) }),
	);
	const closed = fakeWebhook({ parameters: {}, credential: {} });
	for (const { context } of [...readBack, closed]) await receiveCallback(context);
	const [first] = closed.warnings;
	const prefix = first.slice(0, first.indexOf('401'));
	const refusals = [
		...Object.keys(problems).map((problem) => unsigned(problem as SignatureProblem)),
		...Object.keys(reasons).map((reason) => malformed(reason as MalformedReason)),
	];
	return [
		first,
		...readBack.flatMap(({ warnings }) => warnings),
		...refusals.map(({ status, reason }) => `${prefix}${status}: ${reason}`),
	];
}

/** What it says before anything is bought, and about tasks that were. */
export async function itemMessages(): Promise<string[]> {
	const text = { mimeType: 'text/plain', data: '', fileName: 'a.txt' } as IBinaryData;
	const picture = { mimeType: 'image/png', data: 'iVBORw0K', fileName: 'a.png' } as IBinaryData;
	const two = ['a', 'b'].map((name) => planFile('image_url', name, 'inline', 8, picture));
	const settings = { timeoutMs: 30 * 60_000, outputUnfinished: false, simplify: true };
	const ended = (['timedOut', 'stopped'] as const).map((kind) =>
		toOutcome({ kind }, TASK, settings),
	);
	const credential = {
		getCredentials: async () => await Promise.resolve({ baseUrl: 'http://api.example.com' }),
	};
	const inputs = ['{', '[]', '{"callback":{}}'].map((json) => readInput(json, ''));
	return [
		...(await Promise.all(
			[
				async () => await createClient(credential as never, systemTiming),
				() => requiredText(fakeExecution(), 'model', 'Model', 0, ''),
				() => numberOption({ concurrency: 0 }, 'concurrency', 'Concurrency', 5, { least: 1 }),
				() => checkMaximumTasks(fakeExecution({ items: [{ options: { maximumTasks: 1 } }, {}] })),
				() => promptText({ scene: 'a lake' }),
				() => promptText(['a lake', 'a wood']),
				() => promptText('[object Object] at dawn'),
				() => planFile('image_url', 'data', 'inline', 8, text),
				() => checkSize({ binaryField: 'data', sendAs: 'inline', maximumBytes: 8e6 }, 9e6),
				() => placeFiles({}, two, () => false),
				async () =>
					await fetchTestEvent(
						fakePoll({ parameters: { events: [] }, answer: () => pageOf([]) }).context,
					),
			].map(messageOf),
		)),
		...inputs.map((read) => (read.ok ? '' : read.problem.message)),
		...ended.map((outcome) => (outcome.ok ? '' : outcome.failure.message)),
		describeTaskFailure(TASK, 'TASK_FAILED', 'upstream rejected the prompt').message,
		describeRequestFailure(
			{ kind: 'answer', status: 400, apiMessage: 'invalid input: prompt' },
			'create',
		).message,
		notStarted().message,
		String(new HiApiApi().test.rules?.[0].properties.message),
	];
}
