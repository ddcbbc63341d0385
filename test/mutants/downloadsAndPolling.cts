import { FILES } from './files.cts';
import { mutantsOf, unit, type Mutant } from './mutant.cts';

/** Files of tasks. */
export const DOWNLOAD_MUTANTS: Mutant[] = [
	...mutantsOf(FILES.openFile, unit('shared/downloads/openFile'), [
		[
			'the API key goes to file servers',
			'context.helpers.httpRequest({',
			"context.helpers.httpRequestWithAuthentication.call(context, 'hiApiApi', {",
		],
		[
			'a header of ours goes to file servers',
			"{ Accept: '*/*', 'User-Agent': USER_AGENT }",
			"{ Accept: '*/*', 'User-Agent': USER_AGENT, Authorization: 'Bearer key' }",
		],
		[
			'redirects are followed unseen',
			'disableFollowRedirect: true',
			'disableFollowRedirect: false',
		],
		['a file is read into memory', "encoding: 'stream'", "encoding: 'arraybuffer'"],
		['a stop does not end the request', 'abortSignal: signal,', ''],
	]),
	...mutantsOf(FILES.fileAddress, unit('shared/downloads/fileAddress|shared/downloads/openFile'), [
		[
			'a private address is asked',
			'if (!allowPrivate && isPrivateHost(url.hostname))',
			'if (false)',
		],
	]),
	...mutantsOf(FILES.incomingBytes, unit('shared/downloads/downloadFile'), [
		['no limit to the size', 'if (this.count <= this.maximumBytes) return value', 'return value'],
		['half a file counts', 'return this.ended && this.trouble === undefined', 'return true'],
	]),
	...mutantsOf(FILES.downloadFile, unit('shared/downloads/downloadFile'), [
		['a file is stored without its type', 'content.mimeType,', ''],
		[
			'a stop does not end the download',
			"ending.addEventListener('abort', end, { once: true });",
			'',
		],
		['an announced size is not looked at', '(length ?? 0) > request.maximumBytes', 'false'],
	]),
	...mutantsOf(FILES.downloadRun, unit('shared/downloads/downloadRun'), [
		[
			'a file that did not arrive makes n8n buy again',
			'downloadFailures: failures.map',
			'error: failures.map',
		],
	]),
	...mutantsOf(FILES.fetchCatalog, unit('HiApi/n8n/fetchCatalog'), [
		[
			'the API key goes to the catalogue',
			'context.helpers.httpRequest({',
			"context.helpers.httpRequestWithAuthentication.call(context, 'hiApiApi', {",
		],
	]),
];

/** The trigger that asks for finished tasks. */
export const POLLING_MUTANTS: Mutant[] = [
	...mutantsOf(
		FILES.taskPoll,
		unit('HiApiPollingTrigger/(exactlyOnce|taskPoll|oddReplies|HiApiPollingTrigger)'),
		[
			[
				'what was found before a failure is lost',
				'...(failure && { failure }) };',
				'...(failure && { finished: [], failure }) };',
			],
			[
				'tasks seen before are forgotten',
				'seenFinished: tasks.finishedSince(this.watermark)',
				'seenFinished: []',
			],
			['tasks seen running are forgotten', 'pending: tasks.pendingMarks', 'pending: []'],
			[
				'a task that appears late is passed over',
				'newest - limits.overlapSeconds, known',
				'newest, known',
			],
			[
				'a poll that ended early moves on all the same',
				"if (reading !== 'unfinished') this.moveOn();",
				'this.moveOn();',
			],
			['tasks left out for good are not named', '...(hasUnread && { unread: { from, to } }),', ''],
		],
	),
	...mutantsOf(FILES.knownTasks, unit('HiApiPollingTrigger'), [
		['running tasks start the workflow', "task.state !== 'running';", 'true;'],
	]),
	...mutantsOf(FILES.poll, unit('HiApiPollingTrigger'), [
		[
			'tasks are emitted again when n8n gives an old place',
			'if (stored.state !== undefined && recentEmits',
			'if (false && recentEmits',
		],
		['two polls at once start the workflow twice', 'if (underWay.has(key)) return [];', ''],
		[
			'the place is not stored',
			'if (state !== undefined)\n\t\t\tstaticData[STATIC_DATA.place]',
			'if (false)\n\t\t\tstaticData[STATIC_DATA.place]',
		],
	]),
];
