/*
 * Loaded into n8n before its own code: its wall clock goes wrong by as many milliseconds as the file named in CHAOS_CLOCK holds, as
 * when a virtual machine wakes up or its clock is set. Timers keep to the machine's monotonic clock, as they do then.
 */
const { readFileSync, watchFile } = require('node:fs');

const FILE = process.env.CHAOS_CLOCK;
const RealDate = Date;
// kept, as some package puts Date.now back where it found it
const realNow = RealDate.now.bind(RealDate);
let offset = 0;

const read = () => {
	try {
		offset = Number(readFileSync(FILE, 'utf8')) || 0;
	} catch {
		offset = 0;
	}
};

if (FILE) {
	read();
	watchFile(FILE, { interval: 200, persistent: false }, read);
	const now = () => realNow() + offset;
	globalThis.Date = new Proxy(RealDate, {
		construct: (target, args, newTarget) =>
			Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
		apply: () => new RealDate(now()).toString(),
		get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
	});
	RealDate.prototype.constructor = globalThis.Date;
}
