import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

/** Limits for files that n8n keeps in memory, in megabytes. There they become part of the execution's data, which n8n has to store as one text. */
export const MEMORY_MEGABYTES_PER_FILE = 16;
export const MEMORY_MEGABYTES_PER_RUN = 64;

const BYTES_PER_MEGABYTE = 1_000_000;
const PER_FILE = MEMORY_MEGABYTES_PER_FILE * BYTES_PER_MEGABYTE;
const PER_RUN = MEMORY_MEGABYTES_PER_RUN * BYTES_PER_MEGABYTE;

/** Room for one file. */
export interface Room {
	/** No more than this may be stored. Infinity where files do not lie in memory. */
	maximumBytes: number;
	/** Call when the file is stored, or with nothing when it is not. */
	settle(file?: IBinaryData): void;
}

/**
 * How much n8n's memory may take of the files of one run (`N8N_DEFAULT_BINARY_DATA_MODE=default`, the default of n8n 1).
 * n8n does not tell a node where it keeps files; a file that is kept outside memory has an id.
 */
export class MemoryLimit {
	private inMemory: boolean | undefined;
	private used = 0;

	constructor(private readonly context: IExecuteFunctions) {}

	/**
	 * Takes room for a file.
	 *
	 * @param bytes its size, as far as known
	 * @returns undefined when there is none: the file is to stay where it is
	 */
	async room(bytes: number | undefined): Promise<Room | undefined> {
		const wanted = bytes ?? Math.max(0, Math.min(PER_FILE, PER_RUN - this.used));
		const fits = bytes !== undefined && this.fits(bytes);
		// A small file tells by itself where n8n keeps it.
		if (this.inMemory === undefined && !fits) this.inMemory = await this.tryOut();
		if (this.inMemory === false) return { maximumBytes: Number.POSITIVE_INFINITY, settle() {} };
		if (!this.fits(wanted)) return undefined;
		this.used += wanted;
		return {
			maximumBytes: wanted,
			settle: (file) => {
				if (file !== undefined) this.inMemory ??= file.id === undefined;
				this.used -= wanted - (file === undefined ? 0 : (file.bytes ?? wanted));
			},
		};
	}

	private fits(bytes: number): boolean {
		return bytes > 0 && bytes <= PER_FILE && this.used + bytes <= PER_RUN;
	}

	/** Stores one byte, which n8n deletes together with the execution. */
	private async tryOut(): Promise<boolean> {
		const file = await this.context.helpers.prepareBinaryData(
			Buffer.from('0'),
			'probe.txt',
			'text/plain',
		);
		return file.id === undefined;
	}
}
