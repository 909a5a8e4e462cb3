package dev.lepton.registry.lease;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.lease.Marks.UnitMark;
import dev.lepton.registry.lifecycle.Event;
import dev.lepton.registry.settings.FlapSettings;
import dev.lepton.registry.settings.LeaseSettings;
import dev.lepton.registry.settings.LifecycleSettings;
import dev.lepton.registry.settings.SilenceSettings;
import dev.lepton.registry.unit.UnitRow;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The {@link LeaseBook} as the simulation uses it. */
public final class SimulatedBook {

    /** A decision of the book. */
    public record Decided(UnitRow row, Event event, String reason) {}

    private final LeaseBook book;

    public SimulatedBook(
            LeaseSettings lease,
            SilenceSettings silence,
            LifecycleSettings lifecycle,
            FlapSettings flap) {
        book = new LeaseBook(LeaseTerms.of(lease, silence, lifecycle, flap));
    }

    public void refresh(long now) {
        book.refresh(now);
    }

    public void watch(long now, Look look, List<UnitRow> units) {
        book.watch(now, look.marks(), units);
    }

    public List<Decided> tick(long now, Look look, List<UnitRow> units) {
        return book.tick(now, look.marks(), units).stream()
                .map(d -> new Decided(d.unit(), d.event(), d.reason()))
                .toList();
    }

    public void withdraw(Decided decided, boolean surely) {
        book.withdraw(new LeaseDecision(decided.row, decided.event, decided.reason), surely);
    }

    public Duration remaining(UnitId unit, StartId start, long now) {
        return book.remaining(unit, start, now);
    }

    /** One look at the marks. */
    public static final class Look {

        private final Map<UnitId, UnitMark> units = new HashMap<>();
        private final Map<UUID, Long> replicas;

        public Look(Map<UUID, Long> replicas) {
            this.replicas = replicas;
        }

        public void add(UnitId unit, StartId start, long seq, @Nullable UUID replica) {
            units.put(unit, new UnitMark(start, seq, replica));
        }

        private Marks marks() {
            return new Marks(units, replicas);
        }
    }
}
