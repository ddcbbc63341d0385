import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { PictureOrder } from './picture.cts';

const CACHED_PICTURES = 64;

interface Waiting {
	resolve: (bytes: Buffer) => void;
	reject: (error: Error) => void;
}

/**
 * Draws pictures in a thread of its own: drawing one takes about as long as answering a thousand polls.
 * The thread starts with the first picture. Keeps the latest ones.
 */
export class Painter {
	private worker?: Worker;
	private readonly waiting = new Map<number, Waiting>();
	private readonly cache = new Map<string, Promise<Buffer>>();
	private lastNumber = 0;

	/** A PNG. Rejects when it cannot be drawn. */
	paint(order: PictureOrder): Promise<Buffer> {
		const name = `${order.taskId}/${order.index}`;
		let picture = this.cache.get(name);
		if (!picture) {
			picture = this.draw(order);
			picture.catch(() => this.cache.delete(name));
			this.cache.set(name, picture);
			if (this.cache.size > CACHED_PICTURES) this.cache.delete(this.cache.keys().next().value!);
		}
		return picture;
	}

	/** Ends the thread. */
	async close(): Promise<void> {
		this.fail(new Error('the simulator was closed'));
		await this.worker?.terminate();
		this.worker = undefined;
	}

	private draw(order: PictureOrder): Promise<Buffer> {
		this.worker ??= this.start();
		const number = ++this.lastNumber;
		return new Promise((resolve, reject) => {
			this.waiting.set(number, { resolve, reject });
			this.worker!.postMessage({ number, order });
		});
	}

	private start(): Worker {
		const worker = new Worker(join(__dirname, 'pictureWorker.cts'), {
			execArgv: ['--require', require.resolve('tsx/cjs')],
		});
		worker.unref();
		worker.on(
			'message',
			({ number, bytes, error }: { number: number; bytes?: Uint8Array; error?: string }) => {
				const waiting = this.waiting.get(number);
				this.waiting.delete(number);
				if (bytes) waiting?.resolve(Buffer.from(bytes));
				else waiting?.reject(new Error(error));
			},
		);
		worker.on('error', (error) => {
			this.worker = undefined;
			this.fail(error);
		});
		return worker;
	}

	private fail(error: Error): void {
		for (const { reject } of this.waiting.values()) reject(error);
		this.waiting.clear();
	}
}
