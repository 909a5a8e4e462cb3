package dev.lepton.supervisor.supervision;

import dev.lepton.client.heartbeat.FenceTerms;
import dev.lepton.client.incident.IncidentCause;
import dev.lepton.supervisor.declaration.Beating;
import dev.lepton.supervisor.recovery.End;
import dev.lepton.supervisor.runtime.Exit;
import dev.lepton.supervisor.runtime.Next;
import dev.lepton.supervisor.runtime.RunLogs;
import dev.lepton.supervisor.supervision.Phase.Afterwards;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees a run end, and waits until nothing that it left behind still runs. Reports the end at once,
 * that of an exclusive unit's run only after that: what it left behind is at work, and the report
 * frees its place.
 */
final class EndWatch {

    private static final Logger log = LoggerFactory.getLogger(EndWatch.class);
    private static final Duration SURVIVOR_POLL = Duration.ofMillis(20);
    private static final Duration LATER_LOOK = Duration.ofSeconds(1);
    private static final Duration KILL_GRACE = Duration.ofSeconds(2);
    private static final int LOG_LINE_SHOWN = 160;
    private static final int SIGKILL = 9;

    /** The exit code of a JVM with {@code -XX:+ExitOnOutOfMemoryError}. */
    private static final int EXIT_ON_OUT_OF_MEMORY = 3;

    private static final int OUT_OF_MEMORY_LINES = 20;

    private final Standing standing;
    private final EventLoop loop;
    private final Surroundings around;
    private final IncidentNotes notes;
    private final Consumer<End> over;
    private boolean leftBehind;

    /**
     * @param over told when nothing of a run is left
     */
    EndWatch(
            Standing standing,
            EventLoop loop,
            Surroundings around,
            IncidentNotes notes,
            Consumer<End> over) {
        this.standing = standing;
        this.loop = loop;
        this.around = around;
        this.notes = notes;
        this.over = over;
    }

    void watch(LiveRun live) {
        live.run.exit().thenAccept(exit -> loop.execute(() -> exited(live, exit)));
    }

    private void exited(LiveRun live, Exit exit) {
        if (live.over) {
            return;
        }
        live.over = true;
        boolean exclusive = around.policy(standing.plan()).exclusive();
        if (exclusive && endedByItsFence(exit)) {
            standing.enter(
                    new Phase.Stopping(live, Afterwards.AWAIT_REGISTRY, FencedStop.UNCONFIRMED));
        }
        Phase phase = standing.phase();
        boolean stopping = phase instanceof Phase.Stopping;
        boolean expected = phase instanceof Phase.Stopping s && s.then() != Afterwards.DECIDE;
        boolean memory = ranOutOfMemory(live, exit);
        String how = memory ? exit + ", out of memory" : exit.toString();
        String what =
                standing.withDrill(
                        live.run.startId(),
                        stopping ? "%s; %s".formatted(phase.reason(), how) : described(how));
        if (!expected) {
            notes.failed(live, exit, cause(live, phase, memory), what);
        }
        Runnable report =
                () ->
                        around.events()
                                .exited(standing.plan(), live.run.startId(), exit, expected, what);
        if (!exclusive) {
            report.run();
        }
        live.leavePlace();
        if (stopping) {
            log.info("stopping {}: exited, {}", standing.plan().id(), exit);
        }
        long patience =
                stopping && live.signalled && live.cause == null
                        ? standing.plan().service().stopTimeout().toNanos()
                        : 0;
        awaitSurvivors(
                live,
                around.nanos().getAsLong() + patience,
                () -> {
                    if (exclusive) {
                        reportOnceGone(live, report);
                    }
                    ended(live, exit, what);
                });
    }

    /**
     * Its starter counts by itself how long nobody has confirmed it, which is no failure of a unit
     * of a node that no registry answers.
     */
    private boolean endedByItsFence(Exit exit) {
        return !(standing.phase() instanceof Phase.Stopping)
                && standing.plan().service().beating() == Beating.SELF
                && Objects.equals(exit.code(), FenceTerms.EXIT_CODE)
                && around.events().unconfirmable(standing.plan()) != null;
    }

    /** Whether something of an exclusive unit's last run is left that not even SIGKILL ends. */
    boolean leftBehind() {
        return leftBehind;
    }

    private void reportOnceGone(LiveRun live, Runnable report) {
        leftBehind = hasSurvivors(live);
        if (leftBehind) {
            loop.schedule(LATER_LOOK, () -> reportOnceGone(live, report));
        } else {
            report.run();
        }
    }

    private String described(String how) {
        Path file = standing.entry().log();
        String line = file == null ? "" : RunLogs.lastLine(file, LOG_LINE_SHOWN);
        return line.isEmpty() ? how : "%s, last line: %s".formatted(how, line);
    }

    private static IncidentCause cause(LiveRun live, Phase phase, boolean memory) {
        if (live.cause != null) {
            return live.cause;
        }
        if (memory) {
            return IncidentCause.OUT_OF_MEMORY;
        }
        return phase instanceof Phase.Stopping ? IncidentCause.START_FAILED : IncidentCause.EXITED;
    }

    /** By the kernel's word for the process's cgroup, or by that of a JVM that ended itself. */
    private boolean ranOutOfMemory(LiveRun live, Exit exit) {
        if (live.cause != null) {
            return false;
        }
        if (Objects.equals(exit.signal(), SIGKILL)) {
            return live.run.memoryRanOut();
        }
        Path file = standing.entry().log();
        return Objects.equals(exit.code(), EXIT_ON_OUT_OF_MEMORY)
                && file != null
                && RunLogs.lastLines(file, OUT_OF_MEMORY_LINES, LOG_LINE_SHOWN).stream()
                        .anyMatch(line -> line.contains("java.lang.OutOfMemoryError"));
    }

    /** What the main process has left behind gets the rest of the stop's time, then SIGKILL. */
    private void awaitSurvivors(LiveRun live, long killAtNanos, Runnable next) {
        long now = around.nanos().getAsLong();
        if (!hasSurvivors(live) || now - killAtNanos > KILL_GRACE.toNanos()) {
            live.cancelTimers();
            next.run();
            return;
        }
        if (now - killAtNanos >= 0) {
            live.run.kill(Next.REST);
        }
        loop.schedule(SURVIVOR_POLL, () -> awaitSurvivors(live, killAtNanos, next));
    }

    private boolean hasSurvivors(LiveRun live) {
        try {
            return live.run.hasSurvivors();
        } catch (UncheckedIOException e) {
            // Not to be taken for a no; the next look comes at once, and the looks are limited.
            log.warn("what is left of {} cannot be seen: {}", standing.plan().id(), e.toString());
            return true;
        }
    }

    private void ended(LiveRun live, Exit exit, String what) {
        standing.save(standing.entry().ended());
        over.accept(new End(exit.status(), what, live.goodFor(around.nanos().getAsLong())));
    }
}
