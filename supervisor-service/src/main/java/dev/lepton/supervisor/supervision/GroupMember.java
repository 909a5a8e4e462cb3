package dev.lepton.supervisor.supervision;

import dev.lepton.supervisor.supervision.Phase.Afterwards;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What one unit does when those of its service are started again together. */
final class GroupMember {

    private final Standing standing;
    private final OrderlyStop orderlyStop;
    private final Turn turn;
    private final Runnable stopWaiting;
    private @Nullable CompletableFuture<Void> stopped;
    private @Nullable CompletableFuture<Void> started;

    GroupMember(Standing standing, OrderlyStop orderlyStop, Turn turn, Runnable stopWaiting) {
        this.standing = standing;
        this.orderlyStop = orderlyStop;
        this.turn = turn;
        this.stopWaiting = stopWaiting;
    }

    /** One that is stopped or given up takes no part. */
    void stop(String reason, CompletableFuture<Void> done) {
        switch (standing.phase()) {
            case Phase.Starting(LiveRun live, String _) -> end(live, reason, done);
            case Phase.Up(LiveRun live, String _) -> end(live, reason, done);
            case Phase.AwaitingDependencies _,
                    Phase.AwaitingPlace _,
                    Phase.AwaitingRuntime _,
                    Phase.BackingOff _ -> {
                stopWaiting.run();
                standing.enter(new Phase.AwaitingGroup(reason));
                done.complete(null);
            }
            case Phase.Stopping _ -> awaitEnd(done);
            case Phase.Unknown _,
                    Phase.Unseen _,
                    Phase.AwaitingGroup _,
                    Phase.Stopped _,
                    Phase.Quarantined _ ->
                    done.complete(null);
        }
    }

    private void end(LiveRun live, String reason, CompletableFuture<Void> done) {
        awaitEnd(done);
        orderlyStop.begin(live, Afterwards.AWAIT_GROUP, reason);
    }

    private void awaitEnd(CompletableFuture<Void> done) {
        CompletableFuture<Void> earlier = stopped;
        stopped = done;
        if (earlier != null) {
            done.thenRun(() -> earlier.complete(null));
        }
    }

    void start(String reason, CompletableFuture<Void> done) {
        if (standing.phase() instanceof Phase.AwaitingGroup) {
            started = done;
            turn.awaitPlace(reason);
        } else {
            done.complete(null);
        }
    }

    /** Tells those who wait for it once it stands where they want it, or no longer goes there. */
    void afterTask() {
        Phase phase = standing.phase();
        if (stopped != null && !(phase instanceof Phase.Stopping)) {
            CompletableFuture<Void> done = stopped;
            stopped = null;
            done.complete(null);
        }
        if (started != null
                && !(phase instanceof Phase.AwaitingPlace)
                && !(phase instanceof Phase.AwaitingRuntime)
                && !(phase instanceof Phase.Starting)) {
            CompletableFuture<Void> done = started;
            started = null;
            done.complete(null);
        }
    }
}
