import type { IDataObject } from 'n8n-workflow';

import { isRecord } from '../../../shared/values';

/** What the user set for one task; only what is set is sent. */
export interface TaskRequest {
	model: string;
	input: IDataObject;
	route?: string;
	storage?: string;
	callbackUrl?: string;
}

/** Bad input found before any request: which parameter, what is wrong, how to put it right. */
export interface ParameterProblem {
	parameter: string;
	message: string;
	description: string;
}

export type InputResult =
	| { ok: true; input: IDataObject }
	| { ok: false; problem: ParameterProblem };

/**
 * The task's input from the JSON the user gave (text or object) and the prompt, which replaces what is given in its field
 * when it is not empty.
 *
 * @param field the model's own field for the prompt
 */
export function readInput(json: unknown, prompt: string, field = 'prompt'): InputResult {
	let value = json;
	if (typeof json === 'string') {
		if (json.trim() === '') value = {};
		else {
			try {
				value = JSON.parse(json) as unknown;
			} catch {
				return {
					ok: false,
					problem: {
						parameter: 'input',
						message: "'Input (JSON)' is not valid JSON",
						description:
							'Enter a JSON object such as { "aspect_ratio": "16:9" }. Names and texts need double quotes, and no comma may follow the last entry.',
					},
				};
			}
		}
	}
	if (value === undefined || value === null) value = {};
	// A date is an object as well; spread into an input it would leave an empty one, and HiAPI charges for that, too.
	if (!isRecord(value) || Object.prototype.toString.call(value) !== '[object Object]') {
		return {
			ok: false,
			problem: {
				parameter: 'input',
				message: "'Input (JSON)' is not a JSON object",
				description:
					'Enter an object in curly brackets such as { "aspect_ratio": "16:9" }, not a list, a text or a number.',
			},
		};
	}
	if (Object.hasOwn(value, 'callback')) {
		return {
			ok: false,
			problem: {
				parameter: 'input',
				message: "'callback' does not belong inside 'Input (JSON)'",
				description:
					"Take 'callback' out of 'Input (JSON)' and enter the address as 'Callback URL' instead: HiAPI reads it next to the model, not inside the input.",
			},
		};
	}
	const input = { ...value } as IDataObject;
	if (prompt.trim() !== '') input[field] = prompt;
	return { ok: true, input };
}

/**
 * The body of `POST /v1/tasks` (docs.hiapi.ai/async-api/create). Serialised once: HiAPI compares the raw bytes of
 * requests with the same Idempotency-Key, so every retry has to send this very string.
 */
export function serialiseTaskRequest(request: TaskRequest): string {
	return JSON.stringify({
		model: request.model,
		input: request.input,
		...(request.route !== undefined && { route: request.route }),
		...(request.storage !== undefined && { storage: request.storage }),
		...(request.callbackUrl !== undefined && {
			callback: { url: request.callbackUrl, when: 'final' },
		}),
	});
}
