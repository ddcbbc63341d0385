import type { DownloadProblem } from './downloadProblem';
import type { ByteStream } from './openFile';
import type { StallWatch } from './stallWatch';

// Enough to tell a web page from a picture, also when the first piece that arrives is tiny.
const BEGINNING_BYTES = 512;

/** The bytes of a file as they come in: looked at, counted, and passed on without being gathered. */
export class IncomingBytes {
	private readonly iterator: AsyncIterator<Uint8Array>;
	private readonly beginning: Uint8Array[] = [];
	private count = 0;
	private ended = false;
	private trouble: DownloadProblem | undefined;

	constructor(
		private readonly body: ByteStream,
		private readonly watch: StallWatch,
		private readonly maximumBytes: number,
	) {
		this.iterator = body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
	}

	/** What went wrong with the file itself; undefined when it came to its end, or was not read so far. */
	get problem(): DownloadProblem | undefined {
		return this.trouble;
	}

	/** Whether every byte has been passed on. */
	get complete(): boolean {
		return this.ended && this.trouble === undefined;
	}

	/** The beginning of the file, which stays part of what is passed on. Empty for an empty file. Rejects when it breaks off. */
	async peek(): Promise<Uint8Array> {
		while (this.count < BEGINNING_BYTES) {
			const piece = await this.read();
			if (piece === undefined) break;
			this.beginning.push(piece);
		}
		return Buffer.concat(this.beginning);
	}

	/** The whole file as a stream, which fails when the file breaks off or grows beyond the limit. */
	toStream(): ByteStream {
		// Readable itself cannot be imported by a community node; every readable stream's class can make one.
		const { from } = this.body.constructor as unknown as {
			from(source: AsyncIterable<Uint8Array>, options: { objectMode: boolean }): ByteStream;
		};
		return from.call(this.body.constructor, this.pieces(), { objectMode: false });
	}

	private async *pieces(): AsyncGenerator<Uint8Array> {
		for (let piece = this.beginning.shift(); piece !== undefined; piece = this.beginning.shift())
			yield piece;
		for (let piece = await this.read(); piece !== undefined; piece = await this.read()) yield piece;
	}

	private async read(): Promise<Uint8Array | undefined> {
		if (this.ended) return undefined;
		try {
			const { value, done } = await this.watch.during(this.iterator.next());
			if (done) {
				this.ended = true;
				return undefined;
			}
			this.count += value.length;
			if (this.count <= this.maximumBytes) return value;
			this.trouble = { kind: 'tooLarge' };
		} catch (error) {
			this.trouble = { kind: 'network', code: (error as { code?: string }).code ?? 'NO_ANSWER' };
		}
		this.ended = true;
		throw new Error('The file broke off');
	}
}
