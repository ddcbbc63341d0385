import { FILES } from './files.cts';
import { mutantsOf, unit, type Mutant } from './mutant.cts';

/** One request and its retries. */
export const REQUEST_MUTANTS: Mutant[] = [
	...mutantsOf(FILES.client, unit('api/client'), [
		['no idempotency key is sent', 'request.idempotencyKey !== undefined && {', 'false && {'],
		[
			'every try sends another key',
			"'Idempotency-Key': request.idempotencyKey",
			"'Idempotency-Key': `${request.idempotencyKey}${Math.random()}`",
		],
		[
			'the body gets another field with every try',
			'body: request.body,',
			'body: request.body && JSON.stringify({ ...JSON.parse(request.body), sent: Math.random() }),',
		],
		[
			'the body is serialised again',
			'body: request.body,',
			'body: request.body && JSON.stringify(JSON.parse(request.body), null, 1),',
		],
		[
			'redirects are followed with the API key',
			'disableFollowRedirect: true',
			'disableFollowRedirect: false',
		],
		['a refusal makes a lost answer forgotten', 'outcomeUnknown ||=', 'outcomeUnknown ='],
		[
			'a create is repeated after the machine slept for a day',
			'> LONGEST_REPEATING_MS',
			'> Infinity',
			unit('api/clientEnding'),
		],
		['requests go on after the deadline', 'this.timing.monotonic() >= deadlineMs ||', ''],
		[
			'a stop does not end the pause before a retry',
			'this.timing.pause(delay, budget.signal)',
			'this.timing.pause(delay)',
		],
		['a stop does not end a request', 'abortSignal: signal,', ''],
		[
			'a create without a task ID counts',
			'return !read.ok || request.isExpected(read.data)',
			'return true',
		],
		[
			'the API key is told in an error',
			'in the credential ${baseUrl.problem}`',
			'in the credential of ${credential.apiKey} ${baseUrl.problem}`',
		],
	]),
	...mutantsOf(FILES.requestFailure, unit('shared/errors/requestFailure|shared/api/retryPolicy'), [
		[
			'what was turned away unread gets another key',
			"failure.kind === 'answer' && !REJECTED_BEFORE_PROCESSING.has(failure.status ?? 0)",
			"failure.kind === 'answer'",
		],
		[
			'a refusal that stays counts as one that passes',
			"return isPassing(failure) || (failure.kind === 'answer' && failure.status === undefined);",
			"return isPassing(failure) || failure.kind === 'answer';",
		],
		[
			'a no that says nothing more counts as one that stays',
			"|| (failure.kind === 'answer' && failure.status === undefined)",
			'',
		],
		[
			'a lost connection counts as "no task was created"',
			"return !failure.neverSent && !FINAL_NETWORK_CODES.has(failure.networkCode ?? '')",
			'return false',
		],
		[
			'an unreadable answer counts as "no task was created"',
			"if (failure.kind !== 'answer') return true",
			"if (failure.kind !== 'answer') return failure.kind === 'redirect'",
		],
		[
			'a redirect counts as "no task was created"',
			"if (failure.kind !== 'answer') return true",
			"if (failure.kind !== 'answer') return failure.kind !== 'redirect'",
		],
		[
			'a proxy error counts as "no task was created"',
			'if (failure.foreign) return failure.status !== 407',
			'if (failure.foreign) return failure.status < 500',
		],
		[
			'the 4xx page of another server counts as "no task was created"',
			'if (failure.foreign) return failure.status !== 407',
			'if (failure.foreign) return failure.status >= 500',
		],
		[
			'a refusal that names a task counts as "no task was created"',
			'failure.status === undefined || failure.taskId !== undefined',
			'failure.status === undefined',
		],
		['HTTP 422 frees the key', 'isKeyMismatch(failure) || ', ''],
		['the page of another server frees the key', ' || failure.foreign)', ')'],
		['a lost answer frees the key', 'failure.outcomeUnknown !== false || ', ''],
		[
			"a conflict that is not about our key's task counts as our task",
			'failure.taskId !== undefined && failure.code !== MISMATCH',
			'failure.taskId !== undefined',
		],
		['HTTP 400 is sent again', 'new Set([429, 503])', 'new Set([400, 429, 503])'],
		['HTTP 402 is sent again', 'new Set([429, 503])', 'new Set([402, 429, 503])'],
		[
			'a refused input is worth a new purchase',
			"'TASK_TIMEOUT',",
			"'TASK_TIMEOUT', 'CONTENT_POLICY', 'TASK_FAILED',",
			unit('shared/errors/requestFailure', 'worth'),
		],
	]),
	...mutantsOf(FILES.retryPolicy, unit('api/retryPolicy'), [
		['Retry-After is ignored', 'const least = asked ??', 'const least = undefined ??'],
		[
			'a create without a key is sent again',
			'return situation.hasIdempotencyKey || failure.neverSent === true',
			'return true',
		],
		[
			'a retry starts after the deadline',
			'delay < situation.remainingMs ? delay : undefined',
			'delay',
		],
		['a request is sent again without end', 'const MOST_RETRIES = 5', 'const MOST_RETRIES = 500'],
	]),
	...mutantsOf(FILES.response, unit('shared/api/response|shared/api/tasks'), [
		[
			'an error under HTTP 200 counts as success',
			'status >= 400 || !statesSuccess(body.code)',
			'status >= 400',
		],
		[
			"the form of any server's error counts as HiAPI's",
			'...(!isWord(error.code) && !isWord(error.type) && { foreign: true }),',
			'',
		],
		[
			"any JSON under an error status counts as HiAPI's",
			'toNumber(body.code) !== status && { foreign: true }',
			'false && { foreign: true }',
		],
		[
			'a page that is no JSON counts as a refusal of HiAPI',
			"fail('answer', { foreign: true }) : fail",
			"fail('answer', {}) : fail",
		],
		[
			'a redirect counts as an answer of HiAPI',
			"return fail('redirect', { status })",
			"return fail('answer', { status })",
		],
		[
			"the gateway's error under HTTP 200 counts as success",
			'if (isRecord(body.error) &&',
			'if (status >= 400 && isRecord(body.error) &&',
		],
	]),
	...mutantsOf(FILES.tasks, unit('api/tasks'), [
		['a success without a task ID is a task', 'taskIdOf(data) !== undefined', 'true'],
		['a task of our key is not taken', 'if (isOwnTask(failure))', 'if (false)'],
	]),
	...mutantsOf(FILES.task, unit('api/task.test'), [
		['an unknown status counts as the end', "? 'fail' : 'running'", "? 'fail' : 'success'"],
		[
			'a failed task counts as a success',
			"['success', 'succeeded',",
			"['success', 'fail', 'succeeded',",
		],
	]),
	...mutantsOf(FILES.redact, unit('shared/errors/apiError|shared/errors/redact'), [
		['a quoted API key is shown', ".replace(/\\b((?:hi-)?sk-)[\\w-]{4,}/gi, '$1…')", ''],
		[
			'a quoted file is shown',
			"(?:;[\\w=.+-]+)*,)[^\\s'\"]+/gi, '$1…')",
			"(?:;[\\w=.+-]+)*,)[^\\s'\"]+/gi, '$&')",
		],
	]),
	...mutantsOf(
		FILES.networkError,
		unit('shared/api/client|shared/api/clientEnding|shared/errors/networkError'),
		[
			[
				"the network's own text, with the request in it, is shown",
				"networkCode: 'NO_ANSWER'",
				'networkCode: String(records.map(({ message }) => message))',
			],
			[
				'a connection that broke off counts as never made',
				'return layers.some(',
				'return true || layers.some(',
			],
		],
	),
	...mutantsOf(FILES.requestBody, unit('HiApi/generation/request/requestBody'), [
		[
			'an input that is no JSON is quoted with its prompt',
			`"'Input (JSON)' is not valid JSON"`,
			'`not valid JSON: ${json}`',
		],
	]),
	...mutantsOf(FILES.baseUrl, unit('api/baseUrl|credentials'), [
		[
			'plain http to any host is a usable address',
			'const PRIVATE_HOST = [',
			"const PRIVATE_HOST = [ '[a-z.]+',",
		],
	]),
];
