import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { BinaryDataConfig, BinaryDataService } from 'n8n-core';
import type { IBinaryData } from 'n8n-workflow';

interface Container {
	get<T>(type: abstract new (...parameters: never[]) => T): T;
}

// Several copies may be installed; only n8n-core's own knows its services.
const { Container } = createRequire(require.resolve('n8n-core'))('@n8n/di') as {
	Container: Container;
};

/** n8n's binary storage in its usual mode `filesystem`, in a folder of its own. */
export class BinaryStorage {
	private constructor(private readonly folder: string) {}

	/** Makes n8n-core keep the files of all runs in a new folder. */
	static async open(): Promise<BinaryStorage> {
		const folder = mkdtempSync(join(tmpdir(), 'hiapi-binary-'));
		Object.assign(Container.get(BinaryDataConfig), {
			mode: 'filesystem',
			localStoragePath: folder,
		});
		await Container.get(BinaryDataService).init();
		return new BinaryStorage(folder);
	}

	/** The bytes of a file an item carries. */
	async read(data: IBinaryData): Promise<Buffer> {
		return await readFile(this.pathOf(data));
	}

	pathOf({ id }: IBinaryData): string {
		return Container.get(BinaryDataService).getPath(id as string);
	}

	/** Puts a file in, as an earlier node would have. */
	async store(content: Buffer, data: Partial<IBinaryData> = {}): Promise<IBinaryData> {
		const location = {
			type: 'execution',
			workflowId: 'workflow-1',
			executionId: 'execution-1',
		} as const;
		return await Container.get(BinaryDataService).store(location, content, {
			data: '',
			mimeType: 'image/png',
			...data,
		});
	}

	/** Paths of all files below the folder, finished and half-written ones alike, without n8n's notes about them. */
	get files(): string[] {
		return readdirSync(this.folder, { recursive: true, withFileTypes: true })
			.filter((entry) => entry.isFile() && !entry.name.endsWith('.metadata'))
			.map((entry) => join(entry.parentPath, entry.name));
	}

	close(): void {
		rmSync(this.folder, { recursive: true, force: true });
	}
}
