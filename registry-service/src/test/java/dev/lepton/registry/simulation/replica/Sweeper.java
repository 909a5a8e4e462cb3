package dev.lepton.registry.simulation.replica;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.changelog.LeaderGuard;
import dev.lepton.registry.changelog.WriteOutcome;
import dev.lepton.registry.fleet.FleetView;
import dev.lepton.registry.lease.SimulatedBook;
import dev.lepton.registry.lease.SimulatedBook.Decided;
import dev.lepton.registry.simulation.happening.Happening;
import dev.lepton.registry.simulation.kernel.Weakness;
import dev.lepton.registry.simulation.postgres.Tables.MarkRow;
import dev.lepton.registry.unit.UnitRow;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Looks at the marks and, when this replica leads, takes silent units down. */
final class Sweeper {

    private static final Duration OLDEST_FLEET = Duration.ofSeconds(5);

    private record Seen(Map<UnitId, MarkRow> units, Map<UUID, Long> replicas, long readAt) {}

    private final Around around;
    private final FleetView fleet;
    private final Flusher flusher;
    private final Leading leading;
    private final Moves moves;
    private final SimulatedBook book;
    private long sweptUnder;

    Sweeper(
            Around around,
            FleetView fleet,
            Flusher flusher,
            Leading leading,
            Moves moves,
            SimulatedBook book) {
        this.around = around;
        this.fleet = fleet;
        this.flusher = flusher;
        this.leading = leading;
        this.moves = moves;
        this.book = book;
    }

    Duration remaining(UnitId unit, StartId holder) {
        return book.remaining(unit, holder, around.clock().nanos());
    }

    /** For how long yet the place of an exclusive unit is kept for the process that holds it. */
    Duration kept(UnitRow holder, boolean exited) {
        return book.kept(holder, around.terms().replaceAfter(), exited, around.clock().nanos());
    }

    void sweep(Runnable done) {
        around.connection()
                .<Seen>ask(
                        () ->
                                new Seen(
                                        around.tables().marks().units(),
                                        around.tables().marks().replicas(),
                                        around.ground().now()),
                        seen -> {
                            if (seen == null) {
                                done.run();
                            } else {
                                look(seen, done);
                            }
                        });
    }

    private void look(Seen seen, Runnable done) {
        long now = around.clock().nanos();
        LeaderGuard guard = leading.guard();
        boolean blind = !flusher.stores() || fleet.age().compareTo(OLDEST_FLEET) > 0;
        if (blind) {
            book.refresh(now);
        }
        Long epoch = guard == null ? null : (Long) guard.epoch();
        around.ground().witness().see(new Happening.Looked(around.id(), epoch, seen.readAt, blind));
        if (guard == null || around.ground().weakBy(Weakness.NO_SWEEP)) {
            book.watch(now, marks(seen), List.copyOf(fleet.units()));
            done.run();
            return;
        }
        if (guard.epoch() != sweptUnder) {
            sweptUnder = guard.epoch();
            if (!around.ground().weakBy(Weakness.NO_FRESH_LEASES_FOR_A_NEW_LEADER)) {
                book.refresh(now);
            }
        }
        act(book.tick(now, marks(seen), List.copyOf(fleet.units())), guard, seen.readAt, done);
    }

    private SimulatedBook.Look marks(Seen seen) {
        boolean nameless = around.ground().weakBy(Weakness.NO_REPLICA_MARK);
        SimulatedBook.Look look = new SimulatedBook.Look(seen.replicas);
        seen.units.forEach((unit, mark) -> {
            @Nullable UUID replica = nameless ? null : mark.replica();
            look.add(unit, mark.start(), mark.seq(), replica);
        });
        return look;
    }

    /** The next look waits for what becomes of the decisions, but not for long. */
    private void act(List<Decided> decisions, LeaderGuard guard, long readAt, Runnable done) {
        if (decisions.isEmpty()) {
            done.run();
            return;
        }
        Set<Decided> open = new LinkedHashSet<>(decisions);
        around.life().in(around.terms().lease().pauseLimit().toNanos(), () -> giveUp(open, done));
        for (Decided decided : decisions) {
            announce(decided, guard.epoch(), readAt);
            moves.propose(
                    decided.row(),
                    decided.event(),
                    decided.reason(),
                    guard,
                    outcome -> {
                        if (open.remove(decided)) {
                            settle(decided, outcome);
                            if (open.isEmpty()) {
                                done.run();
                            }
                        }
                    });
        }
    }

    private void announce(Decided decided, long epoch, long readAt) {
        around.ground()
                .trace()
                .say(() ->
                        "%s in epoch %d decides on %s: %s, %s"
                                .formatted(
                                        around.place(),
                                        epoch,
                                        decided.row().id(),
                                        decided.event(),
                                        decided.reason()));
        around.ground()
                .witness()
                .see(
                        new Happening.Decided(
                                around.id(), epoch, decided.row(), decided.event(), readAt));
    }

    private void giveUp(Set<Decided> open, Runnable done) {
        if (!open.isEmpty()) {
            open.forEach(decided -> book.withdraw(decided, false));
            open.clear();
            done.run();
        }
    }

    private void settle(Decided decided, @Nullable WriteOutcome outcome) {
        switch (outcome) {
            case null -> book.withdraw(decided, false);
            case WriteOutcome.Written _ -> {}
            case WriteOutcome.Deposed _ -> {
                leading.lost();
                book.withdraw(decided, true);
            }
            case WriteOutcome.OutOfDate _ -> book.withdraw(decided, false);
        }
    }
}
