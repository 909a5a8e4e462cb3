package dev.lepton.registry.heartbeat;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** The {@link MarkTable} as the simulation uses it. */
public final class SimulatedMarks {

    private final MarkTable marks = new MarkTable();

    public boolean take(UnitId unit, StartId start, long seq, long now) {
        return marks.take(unit, start, seq, now);
    }

    /** What is to be written. */
    public Batch unstored() {
        return new Batch(marks.unstored());
    }

    public void stored(Batch written) {
        marks.stored(written.marks);
    }

    /** Marks on their way to PostgreSQL. */
    public static final class Batch {

        private final SortedMap<UnitId, Mark> marks;

        private Batch(SortedMap<UnitId, Mark> marks) {
            this.marks = marks;
        }

        public <T> Map<UnitId, T> as(BiFunction<StartId, Long, T> row) {
            Map<UnitId, T> rows = new TreeMap<>();
            marks.forEach((unit, mark) -> rows.put(unit, row.apply(mark.start(), mark.seq())));
            return rows;
        }
    }
}
