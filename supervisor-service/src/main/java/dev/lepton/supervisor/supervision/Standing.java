package dev.lepton.supervisor.supervision;

import dev.lepton.client.incident.Drill;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.supervisor.journal.Journal;
import dev.lepton.supervisor.journal.UnitRecord;
import dev.lepton.supervisor.recovery.UnitPolicy;
import dev.lepton.supervisor.supervision.Phase.Afterwards;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where one unit stands: its record, its phase, and the status that the rest of the supervisor
 * reads. Only {@link #status()} may be called from outside the unit's loop.
 */
final class Standing {

    private static final Logger log = LoggerFactory.getLogger(Standing.class);

    private final UnitPlan plan;
    private final Journal journal;
    private final InstantSource clock;
    private final Supplier<UnitPolicy> policy;

    private UnitRecord entry;
    private Phase phase = new Phase.Unknown();
    private boolean recovering;
    private boolean readyOnce;
    private @Nullable StartId lastStart;
    private volatile UnitStatus status;

    /**
     * @param policy as it is now
     */
    Standing(
            UnitPlan plan,
            UnitRecord entry,
            Journal journal,
            InstantSource clock,
            Supplier<UnitPolicy> policy) {
        this.plan = plan;
        this.entry = entry;
        this.journal = journal;
        this.clock = clock;
        this.policy = policy;
        this.status = snapshot(clock.instant());
    }

    UnitPlan plan() {
        return plan;
    }

    UnitRecord entry() {
        return entry;
    }

    Phase phase() {
        return phase;
    }

    /** Whether its next or present start repairs a failure. */
    boolean recovering() {
        return recovering;
    }

    UnitStatus status() {
        return status;
    }

    void enter(Phase next) {
        phase = next;
        publish();
    }

    void recovering(boolean whether) {
        recovering = whether;
    }

    /**
     * The start that is on, else the last one; null before the first that this supervisor knows.
     */
    @Nullable StartId lastStart() {
        return lastStart;
    }

    void began(StartId start) {
        lastStart = start;
    }

    /** How long a start may take now. */
    Duration startDeadline() {
        return Objects.requireNonNullElseGet(
                policy.get().startDeadline(), () -> entry.startTimes().deadline());
    }

    /** A probe of it was good. */
    void wasReady() {
        readyOnce = true;
    }

    /** Changes the record in memory alone. */
    void note(UnitRecord next) {
        entry = next;
    }

    /** Changes the record once it is on disk; a disk that refuses it leaves it as it was. */
    void store(UnitRecord next) {
        journal.write(next);
        entry = next;
    }

    /** Keeps the record in memory when the disk refuses it: supervision must go on. */
    void save(UnitRecord next) {
        entry = next;
        try {
            journal.write(next);
        } catch (UncheckedIOException e) {
            log.error(
                    "the journal of {} cannot be written, a later supervisor may miss this",
                    plan.id(),
                    e);
        }
    }

    void publish() {
        status = snapshot(status.since());
    }

    private UnitStatus snapshot(Instant since) {
        UnitState state = state();
        Instant now = clock.instant();
        LiveRun live = live();
        boolean unchanged = status != null && status.state() == state;
        return new UnitStatus(
                plan.id(),
                plan.service().name(),
                state,
                entry.port(),
                entry.managementPort(),
                live == null ? null : live.run.host(),
                live == null ? null : live.run.pid(),
                live == null ? null : live.run.startId(),
                entry.log(),
                readyOnce,
                phase instanceof Phase.Stopped,
                struck(),
                entry.restartCount(),
                policy.get().restart().recent(entry.restarts(), now),
                entry.desired() == null ? 0 : entry.desired().generation(),
                unchanged ? since : now,
                phase.reason());
    }

    /** What has become of a run, with the drill before it that has struck it, if one has. */
    String withDrill(StartId run, String what) {
        Drill drill = entry.drillOf(run);
        return drill == null ? what : "%s: %s".formatted(drill.words(), what);
    }

    private boolean struck() {
        boolean rests = phase instanceof Phase.Stopped || phase instanceof Phase.Quarantined;
        return entry.struck() != null && !rests;
    }

    /** The run that is on, null when none is. */
    @Nullable LiveRun live() {
        LiveRun live = unfinished();
        return live == null || live.over ? null : live;
    }

    /** The run of which something may be left, also after its main process has ended; else null. */
    @Nullable LiveRun unfinished() {
        return switch (phase) {
            case Phase.Starting starting -> starting.live();
            case Phase.Up up -> up.live();
            case Phase.Stopping stopping -> stopping.live();
            case Phase.Unknown _,
                    Phase.Unseen _,
                    Phase.AwaitingDependencies _,
                    Phase.AwaitingPlace _,
                    Phase.AwaitingRuntime _,
                    Phase.BackingOff _,
                    Phase.AwaitingGroup _,
                    Phase.Stopped _,
                    Phase.Quarantined _ ->
                    null;
        };
    }

    private UnitState state() {
        return switch (phase) {
            case Phase.Unknown _,
                    Phase.Unseen _,
                    Phase.AwaitingDependencies _,
                    Phase.AwaitingPlace _,
                    Phase.AwaitingRuntime _,
                    Phase.Starting _ ->
                    recovering ? UnitState.RECOVERING : UnitState.STARTING;
            case Phase.Up(LiveRun live, String _) -> state(live);
            case Phase.Stopping stopping ->
                    stopping.then() == Afterwards.DECIDE ? UnitState.DOWN : UnitState.DRAINING;
            case Phase.BackingOff _, Phase.AwaitingGroup _ -> UnitState.DOWN;
            case Phase.Stopped _ -> UnitState.STOPPED;
            case Phase.Quarantined _ -> UnitState.QUARANTINED;
        };
    }

    private static UnitState state(LiveRun up) {
        if (up.over || up.cause != null) {
            return UnitState.DOWN;
        }
        return up.endDueNanos == null ? UnitState.UP : UnitState.DRAINING;
    }
}
