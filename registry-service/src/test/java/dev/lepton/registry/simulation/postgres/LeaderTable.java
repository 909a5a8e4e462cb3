package dev.lepton.registry.simulation.postgres;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The one row of the leader. Each write is its own guard, and says whether it was done. */
public final class LeaderTable {

    /** The row; see the registry's own. */
    public record Row(@Nullable UUID holder, long epoch, long seq) {}

    private @Nullable Row row;

    public @Nullable Row row() {
        return row;
    }

    /** Zero before the first leader. */
    public long epoch() {
        return row == null ? 0 : row.epoch;
    }

    public boolean found(UUID holder) {
        if (row != null) {
            return false;
        }
        row = new Row(holder, 1, 1);
        return true;
    }

    public boolean takeOver(UUID holder, long epoch, long seq) {
        if (row == null || row.epoch != epoch || row.seq != seq) {
            return false;
        }
        row = new Row(holder, epoch + 1, seq + 1);
        return true;
    }

    public boolean renew(UUID holder, long epoch) {
        if (row == null || row.epoch != epoch || !holder.equals(row.holder)) {
            return false;
        }
        row = new Row(holder, epoch, row.seq + 1);
        return true;
    }
}
