import type { PollingState } from '../../../nodes/HiApiPollingTrigger/pollingState';
import { runPoll } from '../../../nodes/HiApiPollingTrigger/runPoll';
import { TaskPoll } from '../../../nodes/HiApiPollingTrigger/taskPoll';
import { FakeAccount, SMALL_LIMITS, stored } from './fakeAccount.cts';

/** A trigger on an account, poll after poll. */
export class FakeTrigger {
	state?: PollingState;
	forgotten = 0;
	limits = SMALL_LIMITS;

	constructor(readonly account: FakeAccount) {}

	async poll(mayBeAnotherAccount = false): Promise<string[]> {
		this.account.requests = [];
		const result = await runPoll(
			new TaskPoll(stored(this.state), this.account.now, mayBeAnotherAccount, this.limits),
			this.account.reader(),
		);
		this.state = result.state ?? this.state;
		this.forgotten = result.forgotten;
		return result.finished.map(({ taskId }) => taskId);
	}
}

export function newTrigger() {
	const trigger = new FakeTrigger(new FakeAccount());
	return { trigger, account: trigger.account };
}

/** Creates tasks one after another, `apart` seconds from each other, which take so many seconds; their ids. */
export function create(account: FakeAccount, count: number, seconds = 0, apart = 1): string[] {
	return Array.from({ length: count }, () => {
		account.now += apart;
		return account.create(seconds);
	});
}
