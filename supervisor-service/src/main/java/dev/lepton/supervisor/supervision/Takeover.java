package dev.lepton.supervisor.supervision;

import dev.lepton.supervisor.journal.UnitRecord;
import dev.lepton.supervisor.journal.UnitRecord.Wish;
import dev.lepton.supervisor.recovery.End;
import dev.lepton.supervisor.runtime.Exit;
import dev.lepton.supervisor.runtime.RecordedRun;
import dev.lepton.supervisor.runtime.Run;
import dev.lepton.supervisor.supervision.Phase.Afterwards;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes over the run that an earlier supervisor has left, by the journal's record of it. */
final class Takeover {

    private static final Logger log = LoggerFactory.getLogger(Takeover.class);

    private final Standing standing;
    private final Surroundings around;
    private final EndWatch endWatch;
    private final Readiness readiness;
    private final OrderlyStop orderlyStop;
    private final HangWatch hangWatch;
    private final Consumer<End> lost;

    /**
     * @param lost told when a run that was to last is gone
     */
    Takeover(
            Standing standing,
            Surroundings around,
            EndWatch endWatch,
            Readiness readiness,
            OrderlyStop orderlyStop,
            HangWatch hangWatch,
            Consumer<End> lost) {
        this.standing = standing;
        this.around = around;
        this.endWatch = endWatch;
        this.readiness = readiness;
        this.orderlyStop = orderlyStop;
        this.hangWatch = hangWatch;
        this.lost = lost;
    }

    void findRecordedRun() {
        UnitRecord entry = standing.entry();
        RecordedRun recorded = entry.run();
        if (recorded == null) {
            return;
        }
        var found = around.runtime().find(recorded);
        if (found.isPresent()) {
            adopt(found.get());
        } else {
            lose(recorded);
        }
    }

    private void adopt(Run run) {
        UnitRecord entry = standing.entry().running(run.mark());
        standing.save(entry);
        LiveRun live =
                new LiveRun(
                        run,
                        around.nanos().getAsLong(),
                        null,
                        standing.plan().service().liveness().failures());
        live.adopted = true;
        standing.began(run.startId());
        log.info(
                "{} re-adopted: {}, start {}",
                standing.plan().id(),
                run.mark().words(),
                run.startId());
        endWatch.watch(live);
        if (entry.wish() == Wish.STOPPED) {
            orderlyStop.begin(live, Afterwards.STAY_STOPPED, Course.whyHeld(entry));
        } else if (entry.wasReady()) {
            live.readyNanos = live.startedNanos;
            standing.enter(new Phase.Up(live, "re-adopted by a new supervisor"));
            around.changed().run();
            readiness.probe(live);
            hangWatch.watch(live);
        } else {
            standing.enter(new Phase.Starting(live, "re-adopted while it was starting"));
            readiness.awaitFirst(live);
        }
    }

    private void lose(RecordedRun recorded) {
        UnitRecord entry = standing.entry();
        boolean expected = entry.wish() == Wish.STOPPED;
        String what = "it ended while no supervisor ran";
        standing.began(recorded.startId());
        around.runtime().sweep(recorded);
        around.events().exited(standing.plan(), recorded.startId(), Exit.UNKNOWN, expected, what);
        standing.save(entry.ended());
        if (expected) {
            // It may have been started again before it was stopped.
            around.runtime().rest(standing.plan().id());
            standing.enter(new Phase.Stopped(Course.whyHeld(entry)));
        } else {
            lost.accept(new End(null, what, Duration.ZERO));
        }
    }
}
