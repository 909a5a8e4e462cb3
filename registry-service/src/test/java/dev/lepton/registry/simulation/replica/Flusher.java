package dev.lepton.registry.simulation.replica;

import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.heartbeat.SimulatedMarks;
import dev.lepton.registry.simulation.postgres.Statements.NewMark;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Brings the marks to PostgreSQL, and knows whether they get there. */
final class Flusher {

    private final Around around;
    private final SimulatedMarks marks;
    private @Nullable Long lastStored;

    Flusher(Around around, SimulatedMarks marks) {
        this.around = around;
        this.marks = marks;
    }

    boolean stores() {
        return lastStored != null
                && around.clock().nanos() - lastStored
                        <= around.terms().lease().storedWithin().toNanos();
    }

    void flush(Runnable done) {
        long begun = around.clock().nanos();
        SimulatedMarks.Batch unstored = marks.unstored();
        Map<UnitId, NewMark> rows = unstored.as(NewMark::new);
        around.connection()
                .<Boolean>ask(
                        () -> {
                            around.statements().flush(rows, around.id());
                            return true;
                        },
                        stored -> {
                            if (stored != null) {
                                marks.stored(unstored);
                                lastStored = begun;
                            }
                            done.run();
                        });
    }
}
