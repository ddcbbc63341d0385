import { PROXY_LOGIN, PROXY_VARIABLES, wordCertificate } from '../errors/connectionMessages';
import { isExpired, isMissing, type DownloadProblem } from './downloadProblem';
import { MEMORY_MEGABYTES_PER_FILE, MEMORY_MEGABYTES_PER_RUN } from './memoryLimit';

/** What the wording of a file that did not arrive depends on. */
export interface FileSituation {
	taskId: string;
	expiresAt: string | null;
	/** The limit in force, in bytes. */
	maximumBytes: number;
	nowMs: number;
}

export interface Wording {
	/** What happened, without a final period. */
	message: string;
	/** How to get on. */
	description: string;
}

const MEGABYTE = 1_000_000;

function stillThere({ taskId, expiresAt }: FileSituation): string {
	const until = expiresAt === null ? '' : ` until ${expiresAt}`;
	return `The task is done and paid, and its file stays at HiAPI${until}: the operation 'Download Outputs' of the HiAPI node with task ${taskId} fetches it later, free of charge.`;
}

function missing(status: number, situation: FileSituation): Wording {
	if (isExpired(situation, situation.nowMs)) {
		return {
			message: `The link of the file expired on ${situation.expiresAt}`,
			description: `HiAPI keeps temporary files for about a week, and this one cannot be fetched again; the task stays paid. For tasks to come, download during the run, or create them with the option 'Storage' set to 'Persistent'. (task ${situation.taskId})`,
		};
	}
	if (status === 403) {
		return {
			message: 'The server of the file refused it (HTTP 403)',
			description: `The link may have expired, the file may have moved, or the server or a proxy in between does not let this n8n in: the operation 'Get' of the HiAPI node with task ${situation.taskId} shows its links as they are now. The task stays paid.`,
		};
	}
	return {
		message: `The file is not at its link (HTTP ${status})`,
		description: `It may have been deleted, or moved by promoting it to persistent storage: the operation 'Get' of the HiAPI node with task ${situation.taskId} shows its links as they are now. The task stays paid.`,
	};
}

function wordStatus(status: number, situation: FileSituation): Wording {
	if (status >= 300 && status < 400)
		return {
			message: `The link leads nowhere (HTTP ${status})`,
			description: stillThere(situation),
		};
	if (status === 407) {
		return {
			message: 'The proxy asks for a login (HTTP 407)',
			description: `${PROXY_LOGIN} ${stillThere(situation)}`,
		};
	}
	return {
		message: `The server of the file answered with HTTP ${status}`,
		description: stillThere(situation),
	};
}

/** The sentences for a file that did not arrive. A file that may come later is never called lost. */
export function wordDownloadProblem(problem: DownloadProblem, situation: FileSituation): Wording {
	const later = stillThere(situation);
	switch (problem.kind) {
		case 'status':
			return isMissing(problem)
				? missing(problem.status, situation)
				: wordStatus(problem.status, situation);
		case 'network': {
			const certificate = wordCertificate(problem.code);
			if (certificate !== undefined)
				return {
					message: `${certificate.message} (${problem.code})`,
					description: `${certificate.description} ${later}`,
				};
			if (problem.neverSent)
				return {
					message: `The server of the file could not be reached (${problem.code})`,
					description: `Check the network of this n8n. ${PROXY_VARIABLES} ${later}`,
				};
			return {
				message: `The connection to the server of the file ended before the whole file had arrived (${problem.code})`,
				description: later,
			};
		}
		case 'stalled':
			return { message: 'The server of the file sent nothing for a minute', description: later };
		case 'stopped':
			return {
				message: 'The download was stopped',
				description: `The execution was stopped, ran out of time, or ended because of another item. ${later}`,
			};
		case 'tooLarge':
			return {
				message: `The file is larger than 'Maximum File Size (MB)' allows (${situation.maximumBytes / MEGABYTE} MB)`,
				description: `Nothing of it was kept. Raise the option 'Maximum File Size (MB)'; 0 means no limit. ${later}`,
			};
		case 'tooManyRedirects':
			return {
				message: 'The link of the file has too many redirects',
				description: later,
			};
		case 'blocked':
			return {
				message: 'n8n does not allow requests to the server of the file',
				description: `Ask whoever runs this n8n to allow the address. ${later}`,
			};
		case 'notHttp':
			return {
				message: 'The link of the file is no http or https address',
				description: `Nothing was requested there. (task ${situation.taskId})`,
			};
		case 'private':
			return {
				message: 'The link of the file leads into a private network',
				description: `Files of HiAPI lie on the internet, so nothing was requested there. (task ${situation.taskId})`,
			};
		case 'empty':
			return { message: 'The file that came is empty', description: later };
		case 'page':
			return {
				message: 'A web page came instead of the file',
				description: `A proxy or firewall may have answered. ${later}`,
			};
		case 'text':
			return {
				message: 'A text came instead of the image, video or audio',
				description: `A proxy or firewall may have answered. ${later}`,
			};
		case 'memory':
			return {
				message: `This n8n keeps files in memory, so at most ${MEMORY_MEGABYTES_PER_FILE} MB each and ${MEMORY_MEGABYTES_PER_RUN} MB per run are downloaded (N8N_DEFAULT_BINARY_DATA_MODE)`,
				description: `Nothing of the file was kept, its link is in the item. To download larger files set n8n's environment variable N8N_DEFAULT_BINARY_DATA_MODE to filesystem, or to database in queue mode. ${later}`,
			};
		case 'notStored':
			return {
				message: `n8n could not keep the file: ${problem.message}`,
				description: `Check the disk space of this n8n. In queue mode n8n keeps files in its database by default, up to N8N_BINARY_DATA_DATABASE_MAX_FILE_SIZE (512 MB); another N8N_DEFAULT_BINARY_DATA_MODE takes larger ones. ${later}`,
			};
	}
}
