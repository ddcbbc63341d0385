/** Where a catalogue is, and what reading it needs from outside. */
export interface CatalogAccess {
	/** Without a trailing slash; undefined when there is no catalogue for this HiAPI. */
	baseUrl: string | undefined;
	/**
	 * Reads a public JSON document, without the API key. Undefined when the host answers but not with that document;
	 * rejects, after a few seconds at most, when the host does not answer.
	 */
	fetchJson(url: string): Promise<unknown>;
	/** Current time in milliseconds since 1970. */
	now(): number;
}

/** For how long an answer counts as fresh. */
export const FRESH_MS = 10 * 60_000;
/** For how long a host that did not answer, or a document that was not there, is not asked for again. */
export const RETRY_AFTER_MS = 60_000;
/** Documents kept at most: two lists and one schema per model in use. */
const MAX_DOCUMENTS = 300;

interface Document {
	expiresAt: number;
	content: Promise<unknown>;
}

function readSafely<T>(read: (answer: unknown) => T | undefined, answer: unknown): T | undefined {
	try {
		return read(answer);
	} catch {
		return undefined; // whatever a public page holds, it must not stop a workflow
	}
}

/** Keeps what was read for minutes, in this process. Requests for the same document at the same time become one. */
export class CatalogCache {
	private readonly documents = new Map<string, Document>();
	/** Hosts that did not answer, with the time they are tried again: one wait, however many models are asked for. */
	private readonly silentUntil = new Map<string, number>();

	/** The document as `read` understands it, or undefined when the catalogue does not give it. Never rejects. */
	async get<T>(
		access: CatalogAccess,
		path: string,
		read: (answer: unknown) => T | undefined,
	): Promise<T | undefined> {
		if (access.baseUrl === undefined) return undefined;
		const url = `${access.baseUrl}${path}`;
		const kept = this.documents.get(url);
		const isHostSilent = access.now() < (this.silentUntil.get(access.baseUrl) ?? -Infinity);
		if (kept && (isHostSilent || access.now() < kept.expiresAt))
			return (await kept.content) as T | undefined;
		if (isHostSilent) return undefined;
		const document: Document = { expiresAt: Infinity, content: Promise.resolve(undefined) };
		document.content = this.read(
			{ ...access, baseUrl: access.baseUrl },
			path,
			read,
			kept,
			document,
		);
		this.keep(url, document);
		return (await document.content) as T | undefined;
	}

	private async read<T>(
		access: CatalogAccess & { baseUrl: string },
		path: string,
		read: (answer: unknown) => T | undefined,
		previous: Document | undefined,
		document: Document,
	): Promise<unknown> {
		let answer: unknown;
		try {
			answer = await access.fetchJson(`${access.baseUrl}${path}`);
		} catch {
			this.silentUntil.set(access.baseUrl, access.now() + RETRY_AFTER_MS);
		}
		const content = answer === undefined ? undefined : readSafely(read, answer);
		document.expiresAt = access.now() + (content === undefined ? RETRY_AFTER_MS : FRESH_MS);
		// what HiAPI last said is nearer to the truth than a list made when this package was released
		return content ?? (await previous?.content);
	}

	private keep(url: string, document: Document): void {
		this.documents.delete(url);
		this.documents.set(url, document);
		const oldest = this.documents.keys().next().value;
		if (this.documents.size > MAX_DOCUMENTS && oldest !== undefined) this.documents.delete(oldest);
	}
}
