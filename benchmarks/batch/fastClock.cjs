/**
 * Preloaded into the process the node runs in: makes the node's own clock (`systemClock` of nodes/shared/clock) run as fast
 * as the simulator's. Nothing else is touched; the package stays as it was built. HIAPI_BENCH_CLOCK: `{ scale, epochMs }`.
 */
const Module = require('node:module');

const { scale, epochMs } = JSON.parse(process.env.HIAPI_BENCH_CLOCK ?? '{"scale":1,"epochMs":0}');
const load = Module._load;
const adjusted = new Set();

Module._load = function (request, ...rest) {
	const loaded = load.call(this, request, ...rest);
	const clock = /(^|\/)clock(\.js)?$/.test(request) ? loaded?.systemClock : undefined;
	if (clock !== undefined && !adjusted.has(clock)) {
		adjusted.add(clock);
		const { pause, monotonic } = clock;
		clock.now = () => epochMs + (Date.now() - epochMs) * scale;
		clock.monotonic = () => monotonic() * scale;
		clock.pause = async (milliseconds, signal) => await pause(milliseconds / scale, signal);
	}
	return loaded;
};
