package dev.lepton.supervisor.journal;

import dev.lepton.client.incident.Drill;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.supervisor.recovery.StartTimes;
import dev.lepton.supervisor.runtime.RecordedRun;
import dev.lepton.supervisor.runtime.RunMark;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is kept on disk about one unit.
 *
 * @param port the unit's port for its life, null before the first start
 * @param managementPort null when it has none, or before the first start
 * @param startId of the run that is on, null when none is; written before the process is started
 * @param process the mark of the process or container, null until that of {@code startId} is
 *     started
 * @param log the file of the run that is on, else of the last one
 * @param wasReady whether the run that is on has been ready
 * @param restarts when the unit was restarted by itself lately, the oldest first
 * @param series how many of these restarts came since the last run that was good for long enough
 * @param restartCount how often it was restarted by itself in all
 * @param wish what an operator or the policy has decided about it
 * @param reason why, when the wish is not to run
 * @param trialAt when a unit that was given up is started on trial, null when it is not
 * @param onTrial whether the run that is on is one on trial
 * @param startTimes how long its last starts took
 * @param desired how far it has followed its desired row, null when it never has
 * @param assigned the service of a unit that the registry has assigned to this node, null of one
 *     that the node's declaration names
 * @param replaced the run that is to be ended and started again, null when none is
 * @param struck the run that a drill has struck, until the next one is ready; null when none has
 */
public record UnitRecord(
        UnitId unitId,
        @Nullable Integer port,
        @Nullable Integer managementPort,
        @Nullable StartId startId,
        @Nullable RunMark process,
        @Nullable Path log,
        boolean wasReady,
        List<Instant> restarts,
        int series,
        long restartCount,
        Wish wish,
        @Nullable String reason,
        @Nullable Instant trialAt,
        boolean onTrial,
        StartTimes startTimes,
        @Nullable ObservedDesired desired,
        @Nullable StartId replaced,
        @Nullable ServiceName assigned,
        @Nullable StruckRun struck) {

    private static final int RESTARTS_KEPT = 100;

    public UnitRecord(
            UnitId unitId,
            @Nullable Integer port,
            @Nullable Integer managementPort,
            @Nullable StartId startId,
            @Nullable RunMark process,
            @Nullable Path log,
            boolean wasReady,
            List<Instant> restarts,
            int series,
            long restartCount,
            Wish wish,
            @Nullable String reason,
            @Nullable Instant trialAt,
            boolean onTrial,
            @Nullable StartTimes startTimes,
            @Nullable ObservedDesired desired,
            @Nullable StartId replaced,
            @Nullable ServiceName assigned,
            @Nullable StruckRun struck) {
        this.unitId = unitId;
        this.port = port;
        this.managementPort = managementPort;
        this.startId = startId;
        this.process = process;
        this.log = log;
        this.wasReady = wasReady;
        this.restarts =
                List.copyOf(
                        restarts.subList(
                                Math.max(0, restarts.size() - RESTARTS_KEPT), restarts.size()));
        this.series = series;
        this.restartCount = restartCount;
        this.wish = wish;
        this.reason = reason;
        this.trialAt = trialAt;
        this.onTrial = onTrial;
        // An older supervisor wrote none.
        this.startTimes = Objects.requireNonNullElse(startTimes, StartTimes.NONE);
        this.desired = desired;
        this.replaced = replaced;
        this.assigned = assigned;
        this.struck = struck;
    }

    /** Whether a unit is to run when the supervisor starts. */
    public enum Wish {
        RUN,
        /** An operator stopped it, or it ended as it may. */
        STOPPED,
        /** The policy gave it up. */
        QUARANTINED
    }

    public static UnitRecord unknown(UnitId unit) {
        return new UnitRecord(
                unit,
                null,
                null,
                null,
                null,
                null,
                false,
                List.of(),
                0,
                0,
                Wish.RUN,
                null,
                null,
                false,
                StartTimes.NONE,
                null,
                null,
                null,
                null);
    }

    public UnitRecord withPorts(int main, @Nullable Integer management) {
        return changed(draft -> {
            draft.port = main;
            draft.managementPort = management;
        });
    }

    /** A run begins; its process is not started yet. */
    public UnitRecord beginning(StartId start, Path logFile) {
        return changed(draft -> {
            draft.startId = start;
            draft.process = null;
            draft.log = logFile;
            draft.wasReady = false;
            draft.wish = Wish.RUN;
            draft.reason = null;
            draft.trialAt = null;
            draft.replaced = null;
        });
    }

    public UnitRecord running(RunMark mark) {
        return changed(draft -> draft.process = mark);
    }

    /**
     * @param after how long the start took, null when it is not known
     */
    public UnitRecord ready(@Nullable Duration after) {
        return changed(draft -> {
            draft.wasReady = true;
            draft.struck = null;
            draft.startTimes = after == null ? startTimes : startTimes.with(after);
        });
    }

    /** The run that is on, null when none is. */
    public @Nullable RecordedRun run() {
        return startId == null ? null : new RecordedRun(unitId, startId, process, log);
    }

    /** The run is over. */
    public UnitRecord ended() {
        return changed(draft -> {
            draft.startId = null;
            draft.process = null;
            draft.wasReady = false;
        });
    }

    /**
     * @param afresh whether this restart is the first of a new series
     */
    public UnitRecord restartedAt(Instant now, boolean afresh) {
        return changed(draft -> {
            draft.restarts = new ArrayList<>(asOf(now).restarts);
            draft.restarts.add(now);
            draft.series = afresh ? 1 : series + 1;
            draft.restartCount = restartCount + 1;
            draft.onTrial = false;
        });
    }

    /** Earlier failures no longer count. */
    public UnitRecord forgiven() {
        return changed(draft -> {
            draft.restarts = List.of();
            draft.series = 0;
            draft.onTrial = false;
        });
    }

    public UnitRecord wishing(Wish newWish, @Nullable String why) {
        return changed(draft -> {
            draft.wish = newWish;
            draft.reason = why;
            draft.trialAt = null;
        });
    }

    /**
     * The policy gives it up.
     *
     * @param trial when it is started on trial, null when it is not
     */
    public UnitRecord givenUp(String why, @Nullable Instant trial) {
        return changed(draft -> {
            draft.wish = Wish.QUARANTINED;
            draft.reason = why;
            draft.trialAt = trial;
            draft.onTrial = false;
        });
    }

    /** The next run is one on trial. */
    public UnitRecord tried() {
        return changed(draft -> {
            draft.wish = Wish.RUN;
            draft.reason = null;
            draft.trialAt = null;
            draft.onTrial = true;
        });
    }

    /** The run on trial has been good for long enough. */
    public UnitRecord proven() {
        return changed(draft -> draft.onTrial = false);
    }

    public UnitRecord observing(ObservedDesired observed) {
        return changed(draft -> draft.desired = observed);
    }

    /** Its desired row is to be followed again, but no restart is to be repeated. */
    public UnitRecord unfollowed() {
        return desired == null
                ? this
                : observing(
                        new ObservedDesired(
                                desired.clusterId(), 0, desired.restartGeneration(), null));
    }

    /** The registry has assigned it to this node. */
    public UnitRecord assignedTo(ServiceName service) {
        return changed(draft -> draft.assigned = service);
    }

    /** The run that is on is to be ended and started again. */
    public UnitRecord replacing(@Nullable StartId run) {
        return changed(draft -> draft.replaced = run);
    }

    /** A drill strikes a run, or has not struck it after all. */
    public UnitRecord struckBy(@Nullable StruckRun drill) {
        return changed(draft -> draft.struck = drill);
    }

    /** The drill that has struck this run, null when none has. */
    public @Nullable Drill drillOf(StartId run) {
        return struck != null && struck.startId().equals(run) ? struck.drill() : null;
    }

    /**
     * This record as a clock that shows {@code now} can have written it: a restart in the future,
     * as after the clock was set back, counts as now, so that it ages from here on.
     */
    public UnitRecord asOf(Instant now) {
        return restarts.stream().noneMatch(now::isBefore)
                ? this
                : changed(draft ->
                        draft.restarts =
                                restarts.stream().map(at -> at.isAfter(now) ? now : at).toList());
    }

    private UnitRecord changed(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.done();
    }

    /** A record that is being changed. */
    private static final class Draft {

        private final UnitRecord before;
        private @Nullable Integer port;
        private @Nullable Integer managementPort;
        private @Nullable StartId startId;
        private @Nullable RunMark process;
        private @Nullable Path log;
        private boolean wasReady;
        private List<Instant> restarts;
        private int series;
        private long restartCount;
        private Wish wish;
        private @Nullable String reason;
        private @Nullable Instant trialAt;
        private boolean onTrial;
        private StartTimes startTimes;
        private @Nullable ObservedDesired desired;
        private @Nullable StartId replaced;
        private @Nullable ServiceName assigned;
        private @Nullable StruckRun struck;

        private Draft(UnitRecord before) {
            this.before = before;
            port = before.port;
            managementPort = before.managementPort;
            startId = before.startId;
            process = before.process;
            log = before.log;
            wasReady = before.wasReady;
            restarts = before.restarts;
            series = before.series;
            restartCount = before.restartCount;
            wish = before.wish;
            reason = before.reason;
            trialAt = before.trialAt;
            onTrial = before.onTrial;
            startTimes = before.startTimes;
            desired = before.desired;
            replaced = before.replaced;
            assigned = before.assigned;
            struck = before.struck;
        }

        private UnitRecord done() {
            return new UnitRecord(
                    before.unitId,
                    port,
                    managementPort,
                    startId,
                    process,
                    log,
                    wasReady,
                    restarts,
                    series,
                    restartCount,
                    wish,
                    reason,
                    trialAt,
                    onTrial,
                    startTimes,
                    desired,
                    replaced,
                    assigned,
                    struck);
        }
    }
}
