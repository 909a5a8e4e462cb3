package dev.lepton.registry.simulation.replica;

import static dev.lepton.registry.simulation.kernel.Spans.MILLI;

import dev.lepton.registry.simulation.kernel.Endpoint;
import dev.lepton.registry.simulation.kernel.Ground;
import dev.lepton.registry.simulation.kernel.Life;
import dev.lepton.registry.simulation.postgres.Connection;
import dev.lepton.registry.simulation.postgres.Server;
import dev.lepton.registry.simulation.postgres.Statements;
import dev.lepton.registry.simulation.postgres.Tables;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A replica of the registry: a place at which one process after the other runs. */
public final class Replica implements Endpoint {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final long DEBOUNCE = 20 * MILLI;

    private final Ground ground;
    private final String place;
    private final Server server;
    private final Tables tables;
    private final Statements statements;
    private final Runnable committed;
    private Duration wallClockOffset = Duration.ZERO;
    private @Nullable Life life;
    private @Nullable ReplicaProcess process;

    /**
     * @param committed told after each commit of this replica, to notify the others
     */
    public Replica(
            Ground ground,
            String place,
            Server server,
            Tables tables,
            Statements statements,
            Runnable committed) {
        this.ground = ground;
        this.place = place;
        this.server = server;
        this.tables = tables;
        this.statements = statements;
        this.committed = committed;
    }

    @Override
    public String place() {
        return place;
    }

    @Override
    public @Nullable Life listener() {
        return process != null && process.serving() ? life : null;
    }

    /** The process that listens now. */
    public ReplicaProcess process() {
        if (process == null) {
            throw new IllegalStateException(place + " does not run");
        }
        return process;
    }

    /** The last change that it knows; null while it does not serve. */
    public @Nullable Long revision() {
        return listener() == null ? null : (Long) process().revision();
    }

    /** How long ago it last read the log; null while it does not serve. */
    public @Nullable Duration viewAge() {
        return listener() == null ? null : process().viewAge();
    }

    public void start() {
        if (process != null) {
            return;
        }
        Life begun = new Life(ground.agenda());
        UUID id = new UUID(ground.random().nextLong(), ground.random().nextLong());
        // Two monotonic clocks have nothing in common, and one may run over.
        long zero = ground.random().nextLong();
        life = begun;
        process =
                new ReplicaProcess(
                        new Around(
                                ground,
                                place,
                                id,
                                begun,
                                () -> zero + ground.now(),
                                () -> NOON.plusNanos(ground.now()).plus(wallClockOffset),
                                new Connection(
                                        ground.agenda(),
                                        ground.network(),
                                        server,
                                        ground.random(),
                                        place,
                                        begun),
                                tables,
                                statements,
                                Terms.ORDINARY),
                        committed);
        process.begin();
        ground.trace().say(() -> "%s starts as %s".formatted(place, id));
    }

    public void crash(long span) {
        if (life == null) {
            return;
        }
        ground.trace().say(() -> place + " crashes");
        life.end();
        life = null;
        process = null;
        ground.agenda().in(span, this::start);
    }

    public void pause(long span) {
        if (life != null) {
            ground.trace().say(() -> "%s is paused for %.1f s".formatted(place, span / 1e9));
            life.pause(span);
        }
    }

    /** The wall clock is set; the monotonic one is not. */
    public void setWallClock(Duration offset) {
        ground.trace().say(() -> "%s sets its wall clock by %s".formatted(place, offset));
        wallClockOffset = offset;
    }

    /** Woken by the notification after another replica's commit. */
    public void notified() {
        ground.agenda()
                .in(
                        DEBOUNCE,
                        () -> {
                            ReplicaProcess notified = process;
                            if (life != null && notified != null) {
                                life.act(notified::notified);
                            }
                        });
    }
}
