import { isRecord } from '../../../shared/values';

/** What something answered at a URL. */
export interface Answer {
	statusCode: number;
	body: unknown;
}

function parsed(body: unknown): unknown {
	if (typeof body !== 'string') return body;
	try {
		return JSON.parse(body) as unknown;
	} catch {
		return undefined;
	}
}

/**
 * Whether n8n itself gave this answer at a resume URL (n8n 2.41, waiting-webhooks.js): its errors are `{code, message}`,
 * that of a wrong token is `{error: 'Invalid token'}`, and behind a page of a form it redirects with 307.
 */
export function isAnswerOfN8n({ statusCode, body }: Answer): boolean {
	if (statusCode === 307) return true;
	const value = parsed(body);
	if (!isRecord(value)) return false;
	return (
		(typeof value.code === 'number' && typeof value.message === 'string') ||
		(statusCode === 401 && value.error === 'Invalid token')
	);
}

/**
 * The part of a resume URL that has to be open to the internet, without what only HiAPI and this execution may know:
 * `https://n8n.example.com/webhook-waiting/`.
 */
export function waitingPath(resumeUrl: string): string {
	const { origin, pathname } = new URL(resumeUrl);
	const end = pathname.lastIndexOf('/', pathname.lastIndexOf('/') - 1);
	return `${origin}${pathname.slice(0, end)}/`;
}

/**
 * Calls the execution's own resume URL, as HiAPI will. A proxy that lets only `/webhook/` through answers by itself, and then no
 * callback can ever arrive. n8n refuses such a call while the execution runs, so it changes nothing.
 *
 * @param call sends `POST` without following redirects, and rejects when nobody answers
 * @returns the status of the answer when it was not n8n that gave it; undefined when it was, and when nobody answered:
 * many networks do not let a machine call itself by its public name
 */
export async function blockedBy(
	call: (url: string) => Promise<Answer>,
	resumeUrl: string,
): Promise<number | undefined> {
	try {
		const answer = await call(resumeUrl);
		return isAnswerOfN8n(answer) ? undefined : answer.statusCode;
	} catch {
		return undefined;
	}
}
