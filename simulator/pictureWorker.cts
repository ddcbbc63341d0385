import { parentPort } from 'node:worker_threads';
import { drawPicture, type PictureOrder } from './picture.cts';

// One message in per picture, one message out: its bytes or why there are none.
parentPort?.on('message', ({ number, order }: { number: number; order: PictureOrder }) => {
	drawPicture(order).then(
		(bytes) => parentPort?.postMessage({ number, bytes }),
		(error: Error) => parentPort?.postMessage({ number, error: error.message }),
	);
});
