package dev.lepton.supervisor.supervision;

import dev.lepton.supervisor.declaration.Beating;
import dev.lepton.supervisor.runtime.Next;
import dev.lepton.supervisor.supervision.Phase.Afterwards;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends a run in order: no new requests, then SIGTERM, then SIGKILL when that was not enough. */
final class OrderlyStop {

    private static final Logger log = LoggerFactory.getLogger(OrderlyStop.class);

    private final Standing standing;
    private final EventLoop loop;
    private final Surroundings around;

    OrderlyStop(Standing standing, EventLoop loop, Surroundings around) {
        this.standing = standing;
        this.loop = loop;
        this.around = around;
    }

    void begin(LiveRun live, Afterwards then, String reason) {
        live.cancelTimers();
        live.leavePlace();
        standing.enter(new Phase.Stopping(live, then, reason));
        if (beating() == Beating.NONE || then == Afterwards.DECIDE) {
            terminate(live);
        } else {
            // A later supervisor must not take over for good what nobody sends requests any more.
            standing.save(standing.entry().replacing(live.run.startId()));
            drain(live, reason);
        }
    }

    private void drain(LiveRun live, String reason) {
        log.info("stopping {}: drain ({})", standing.plan().id(), reason);
        around.events()
                .drain(standing.plan(), live.run.startId(), reason)
                .completeOnTimeout(
                        false, around.timing().drainTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(_ -> false)
                .thenAccept(taken -> loop.execute(() -> drained(live, taken)));
    }

    private void drained(LiveRun live, boolean taken) {
        if (taken && beating() == Beating.NODE) {
            live.keep(loop.schedule(around.timing().drainSettle(), () -> terminate(live)));
        } else {
            terminate(live);
        }
    }

    private void terminate(LiveRun live) {
        if (live.over || live.signalled) {
            return;
        }
        live.signalled = true;
        log.info("stopping {}: SIGTERM ({})", standing.plan().id(), standing.phase().reason());
        // First of all, so that whatever befalls the signal, the end is certain.
        live.keep(loop.schedule(standing.plan().service().stopTimeout(), () -> kill(live)));
        live.run.terminate(next(), standing.plan().service().stopTimeout());
    }

    private void kill(LiveRun live) {
        log.info(
                "stopping {}: SIGKILL, not ended {} after SIGTERM",
                standing.plan().id(),
                Seconds.of(standing.plan().service().stopTimeout()));
        live.run.kill(next());
    }

    private Next next() {
        if (!(standing.phase() instanceof Phase.Stopping stopping)) {
            return Next.REST;
        }
        return switch (stopping.then()) {
            case STAY_STOPPED, AWAIT_GROUP, AWAIT_REGISTRY -> Next.REST;
            case START_AGAIN, DECIDE -> Next.ANOTHER_RUN;
        };
    }

    private Beating beating() {
        return standing.plan().service().beating();
    }
}
