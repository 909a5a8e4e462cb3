package dev.lepton.registry.simulation.replica;

import dev.lepton.registry.changelog.LeaderGuard;
import dev.lepton.registry.leader.SimulatedCandidacy;
import dev.lepton.registry.simulation.postgres.LeaderTable;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Whether this replica leads. */
final class Leading {

    private static final String ROLE = "duties";

    private record Held(long epoch, long renewedAt) {}

    private final Around around;
    private final SimulatedCandidacy candidacy;
    private final long actNanos;
    private @Nullable Held held;

    Leading(Around around) {
        this.around = around;
        this.candidacy = new SimulatedCandidacy(around.id(), around.terms().leader());
        this.actNanos =
                around.terms()
                        .leader()
                        .lease()
                        .minus(around.terms().leader().renewInterval())
                        .toNanos();
    }

    /** Null when this replica does not lead, or has not renewed for too long. */
    @Nullable LeaderGuard guard() {
        return held == null || around.clock().nanos() - held.renewedAt > actNanos
                ? null
                : new LeaderGuard(ROLE, held.epoch);
    }

    void lost() {
        held = null;
    }

    void look(Runnable done) {
        long begun = around.clock().nanos();
        around.connection()
                .<Optional<LeaderTable.Row>>ask(
                        () -> Optional.ofNullable(around.tables().leader().row()),
                        row -> {
                            if (row == null) {
                                done.run();
                            } else {
                                take(row.orElse(null), begun, done);
                            }
                        });
    }

    private void take(LeaderTable.@Nullable Row row, long begun, Runnable done) {
        LeaderTable table = around.tables().leader();
        SimulatedCandidacy.Step step =
                row == null
                        ? candidacy.ofNoRow(begun)
                        : candidacy.of(row.holder(), row.epoch(), row.seq(), begun);
        long epoch = row == null ? 1 : row.epoch();
        switch (step) {
            case FOUND -> settle(() -> table.found(around.id()), 1, begun, done);
            case RENEW -> settle(() -> table.renew(around.id(), epoch), epoch, begun, done);
            case TAKE_OVER -> {
                long seq = row == null ? 0 : row.seq();
                settle(() -> table.takeOver(around.id(), epoch, seq), epoch + 1, begun, done);
            }
            case WAIT -> {
                lost();
                done.run();
            }
        }
    }

    private void settle(Supplier<Boolean> write, long epoch, long begun, Runnable done) {
        around.connection()
                .<Boolean>ask(
                        write,
                        leads -> {
                            if (leads != null && leads) {
                                held = new Held(epoch, begun);
                            } else if (leads != null) {
                                lost();
                            }
                            done.run();
                        });
    }
}
