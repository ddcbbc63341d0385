import { wordConnection, type Wording } from './connectionMessages';
import type { RequestFailure } from './requestFailure';
import { OUTCOME_UNKNOWN } from './wayOn';

/** What was being done when a request failed. */
export type RequestPurpose = 'create' | 'read' | 'list';

/** What the wording depends on besides the failure. */
interface Situation {
	purpose: RequestPurpose;
	/** Whether a task may have been created although nothing confirmed it; then nothing here may deny it. */
	open: boolean;
}

type Words = (situation: Situation) => Wording;

/** What HiAPI means only for a request that creates a task; reading has another way on, and none of the options named for creating. */
function whenBuying(words: Words, whenReading: Words = refused): Words {
	return (situation) =>
		situation.purpose === 'create' ? words(situation) : whenReading(situation);
}

function refused(): Wording {
	return {
		message: 'HiAPI refused the request',
		description: 'Read the text above; HiAPI support can look the request up by its id.',
	};
}

const CHECK_KEY =
	"Open the credential 'HiAPI API' and check 'API Key': copy it again from the HiAPI console, without spaces.";
const TRIED = 'It did not accept the request after several tries.';

function nothingCreated({ purpose, open }: Situation): string {
	return purpose === 'create' && !open ? 'No task was created and nothing was charged. ' : '';
}

const modelUnavailable = whenBuying(() => ({
	message: 'The model is not available',
	description:
		"Check the spelling of the model and its route against HiAPI's list of models, or choose another model. Some models are switched off for a while.",
}));

const balanceTooLow: Words = (situation) => ({
	message: `The balance of the HiAPI account does not cover this${situation.purpose === 'create' ? ' task' : ''}`,
	description: `${nothingCreated(situation)}Top up the balance in the HiAPI console first.`,
});

const keyInProgress = whenBuying(() => ({
	message: 'HiAPI is still working on the first request with the same idempotency key',
	description: 'That request is the only one that can create the task. Give it a minute.',
}));

const keyMismatch = whenBuying(() => ({
	message: 'The idempotency key was already used for a different request',
	description:
		"This request created no task. Use another value in 'Idempotency Key', for example one that also holds what changed. HiAPI remembers a key for about 24 hours.",
}));

const busy: Words = ({ open }) => ({
	message: 'HiAPI is busy',
	description: open ? TRIED : `${TRIED} Try again later.`,
});

const noAnswer: Words = () => ({
	message: 'HiAPI could not answer',
	description: 'Several tries ended the same way.',
});

const BY_CODE = new Map<string, Words>([
	['MODEL_UNAVAILABLE', modelUnavailable],
	['model_not_found', modelUnavailable],
	['INSUFFICIENT_QUOTA', balanceTooLow],
	['IDEMPOTENCY_KEY_PROCESSING', keyInProgress],
	['IDEMPOTENCY_KEY_MISMATCH', keyMismatch],
	[
		'TASK_FAILED',
		() => ({
			message: 'HiAPI could not carry out the task',
			description:
				'Change what the reason names, for example the prompt or an image, then run the workflow again.',
		}),
	],
	[
		'TASK_TIMEOUT',
		() => ({
			message: 'HiAPI gave up on the task because it took too long',
			description: 'Run the workflow again; a shorter or smaller request has better chances.',
		}),
	],
	[
		'STORAGE_UNAVAILABLE',
		whenBuying(
			() => ({
				message: 'HiAPI could not store the result',
				description:
					"Run the workflow again later, or create the task with the option 'Storage' set to 'Temporary'.",
			}),
			busy,
		),
	],
]);

const BY_STATUS = new Map<number, Words>([
	[
		400,
		whenBuying(() => ({
			message: 'HiAPI refused the request',
			description:
				"Correct the fields named in the message. Each model and route has input fields of its own; the operation 'Get' of the resource Model lists them.",
		})),
	],
	[401, () => ({ message: 'HiAPI did not accept the API key', description: CHECK_KEY })],
	[402, balanceTooLow],
	[
		403,
		({ purpose }) => ({
			message: 'The HiAPI account may not do this',
			description: `Check in the HiAPI console that the account is active, has balance, and that the API key may ${purpose === 'create' ? 'use this model' : 'do this'}.`,
		}),
	],
	[
		404,
		whenBuying(
			() => ({
				message: 'HiAPI does not know this address or model',
				description: "Check 'Model', and 'Base URL' in the credential 'HiAPI API'.",
			}),
			({ purpose }) =>
				purpose === 'read'
					? {
							message: 'HiAPI does not know this task',
							description:
								'Check the task ID, and that the credential belongs to the account that created the task: tasks of other accounts cannot be seen.',
						}
					: {
							message: 'HiAPI does not know this address',
							description: "Check 'Base URL' in the credential 'HiAPI API'.",
						},
		),
	],
	[408, noAnswer],
	[409, keyInProgress],
	[
		413,
		whenBuying(() => ({
			message: 'The request is too large for HiAPI',
			description:
				'Give images, videos and audio as URLs instead of sending their content inside the input.',
		})),
	],
	[
		415,
		() => ({
			message: 'HiAPI did not accept the format of the request',
			description:
				"Check 'Base URL' in the credential: a server in between may have changed the request.",
		}),
	],
	[422, keyMismatch],
	[425, noAnswer],
	[
		429,
		({ purpose }) => ({
			message: "HiAPI's rate limit was reached",
			description: `It stayed reached after several tries. ${purpose === 'create' ? "Lower the option 'Concurrency', or run this later." : 'Let fewer workflows use the account at the same time, or try again later.'}`,
		}),
	],
	[503, busy],
]);

/** Our sentence for a failed request, without HiAPI's own text. */
export function wordRequestFailure(
	failure: RequestFailure,
	purpose: RequestPurpose,
	open: boolean,
): Wording {
	const { status, code } = failure;
	const silent = wordConnection(failure);
	const words =
		BY_CODE.get(code ?? '') ??
		BY_STATUS.get(status ?? 0) ??
		(status !== undefined && status < 500 ? refused : noAnswer);
	const { message, description } = silent ?? words({ purpose, open });
	if (open) return { message, description: `${description} ${OUTCOME_UNKNOWN}` };
	if (silent === undefined && words !== noAnswer) return { message, description };
	return {
		message,
		description:
			purpose === 'create'
				? `${nothingCreated({ purpose, open })}${description}`
				: `${description} Try again later; tasks are not affected.`,
	};
}

/** How to get on with a task that ended without a result, by HiAPI's code. */
export function adviceForTask(code: string): string {
	const words = BY_CODE.get(code);
	return words === undefined
		? 'Change what the reason names, then run the workflow again. HiAPI charges for tasks that succeed.'
		: words({ purpose: 'create', open: true }).description;
}
