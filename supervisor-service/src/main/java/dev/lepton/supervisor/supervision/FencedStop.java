package dev.lepton.supervisor.supervision;

import dev.lepton.supervisor.runtime.Next;
import dev.lepton.supervisor.supervision.Phase.Afterwards;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends a run of an exclusive unit that must not be at work any more. */
final class FencedStop {

    static final String UNCONFIRMED = because("no registry has confirmed it in time");
    static final String DISPLACED = because("another process of it may be at work");

    private static final Logger log = LoggerFactory.getLogger(FencedStop.class);

    private final Standing standing;
    private final EventLoop loop;

    FencedStop(Standing standing, EventLoop loop) {
        this.standing = standing;
        this.loop = loop;
    }

    /**
     * @param left when nothing of it may be left
     */
    void begin(LiveRun live, Duration left, String reason) {
        log.warn("{} is ended: {}", standing.plan().id(), reason);
        if (!(standing.phase() instanceof Phase.Stopping) && !live.over) {
            live.cancelTimers();
            live.leavePlace();
            standing.enter(new Phase.Stopping(live, Afterwards.AWAIT_REGISTRY, reason));
        }
        // First of all, so that whatever befalls the signal, the end is certain; also what the main
        // process leaves behind is at work.
        live.keep(loop.schedule(left, () -> live.run.kill(Next.REST)));
        if (!live.signalled) {
            live.signalled = true;
            live.run.terminate(Next.REST, left);
        }
    }

    private static String because(String why) {
        return "it is exclusive, and " + why;
    }
}
