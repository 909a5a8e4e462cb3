package dev.lepton.registry.lease;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.watch.Position;
import dev.lepton.registry.changelog.LoggedChange;
import dev.lepton.registry.lease.Marks.UnitMark;
import dev.lepton.registry.lifecycle.Event;
import dev.lepton.registry.settings.FlapSettings;
import dev.lepton.registry.settings.LeaseSettings;
import dev.lepton.registry.settings.LifecycleSettings;
import dev.lepton.registry.settings.SilenceSettings;
import dev.lepton.registry.unit.UnitRow;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
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
    private final Silenced silenced;
    private List<LoggedChange> log = List.of();

    public SimulatedBook(
            LeaseSettings lease,
            SilenceSettings silence,
            LifecycleSettings lifecycle,
            FlapSettings flap,
            InstantSource time) {
        book = new LeaseBook(LeaseTerms.of(lease, silence, lifecycle, flap));
        silenced = new Silenced(silence.window(), this::since, time, Runnable::run);
    }

    private List<LoggedChange> since(Instant begin) {
        return log.stream().filter(change -> change.at().isAfter(begin)).toList();
    }

    /**
     * @param whole the change log from its beginning
     */
    public void loaded(Position position, List<LoggedChange> whole) {
        log = whole;
        silenced.reloaded(position, "loaded");
    }

    public void changed(String cluster, List<LoggedChange> changes) {
        silenced.changed(cluster, changes);
    }

    public void refresh(long now) {
        book.refresh(now);
    }

    public void watch(long now, Look look, List<UnitRow> units) {
        book.silenceTook(silenced.news(), units, now);
        book.watch(now, look.marks(), units);
    }

    public List<Decided> tick(long now, Look look, List<UnitRow> units) {
        book.silenceTook(silenced.news(), units, now);
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

    /**
     * For how long yet an exclusive unit's place is kept for the process that holds it.
     *
     * @param replaceAfter how long after its last sign of life it is free
     * @param exited whether its end was seen
     */
    public Duration kept(UnitRow holder, Duration replaceAfter, boolean exited, long now) {
        return new ExclusiveHolds(
                        _ -> true, () -> replaceAfter, new LeasesNow(book, now), (_, _) -> exited)
                .remaining(holder);
    }

    private record LeasesNow(LeaseBook book, long now) implements Leases {

        @Override
        public Duration remaining(UnitId unit, StartId holder) {
            return book.remaining(unit, holder, now);
        }

        @Override
        public Duration remainingOf(Duration span, UnitId unit, StartId holder) {
            return book.remainingOf(span, unit, holder, now);
        }
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
