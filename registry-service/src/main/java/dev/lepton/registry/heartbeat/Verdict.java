package dev.lepton.registry.heartbeat;

import dev.lepton.client.unit.StartId;
import dev.lepton.registry.lifecycle.Lifecycle;
import dev.lepton.registry.unit.Holding;
import dev.lepton.registry.unit.KnownStart;
import dev.lepton.registry.unit.UnitRow;
import org.jspecify.annotations.Nullable;

/** Whether a beat's start is the one that holds the unit. */
sealed interface Verdict {

    /** It is; {@code row} is what it holds. */
    record Accepted(UnitRow row) implements Verdict {}

    /** Nobody has registered this start for the unit, or the unit is forgotten. */
    record NotRegistered() implements Verdict {}

    /** It was once, and never will be again. */
    record Superseded() implements Verdict {}

    /** PostgreSQL would have to be asked, and does not answer or may not be asked now. */
    record Unknown(boolean busy) implements Verdict {}

    /** What memory says; null when only PostgreSQL may say it, because memory may be behind. */
    static @Nullable Verdict fromMemory(@Nullable UnitRow row, StartId start) {
        return row != null && row.startId().equals(start) && !Lifecycle.startOver(row.phase())
                ? new Accepted(row)
                : null;
    }

    static Verdict fromPostgres(Holding held, StartId start) {
        UnitRow row = held.row();
        KnownStart known = held.start();
        if (row == null || row.forgotten()) {
            return new NotRegistered();
        }
        if (row.startId().equals(start)) {
            return Lifecycle.startOver(row.phase()) || (known != null && known.ended())
                    ? new Superseded()
                    : new Accepted(row);
        }
        return known == null ? new NotRegistered() : new Superseded();
    }
}
