package dev.lepton.registry.flap;

import dev.lepton.client.unit.UnitId;
import dev.lepton.client.watch.Position;
import dev.lepton.registry.changelog.LoggedChange;
import dev.lepton.registry.flap.Downs.Down;
import dev.lepton.registry.fleet.FleetSubscriber;
import dev.lepton.registry.fleet.FleetView;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.unit.UnitRow;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Which units flap, from what the change log says of them: every replica reads the same, so that it
 * does not matter which one takes a unit's beats. Safe for many threads.
 */
public class Flapping implements FleetSubscriber {

    /** How far back times down are read from the change log. */
    public static final Duration REMEMBERED = Duration.ofHours(2);

    /** How the reason of a unit begins that is kept out. */
    private static final String WORD = "flapping: ";

    private static final Logger log = LoggerFactory.getLogger(Flapping.class);

    private final FlapDamping damping;
    private final Function<Instant, List<Down>> stored;
    private final FleetView fleet;
    private final InstantSource time;
    private final Executor elsewhere;
    private final ConcurrentHashMap<UnitId, ConcurrentNavigableMap<Long, Instant>> downs =
            new ConcurrentHashMap<>();

    /**
     * @param stored the times down since an instant, in the order of the change log
     * @param elsewhere runs what must not hold up the reader of the change log
     */
    Flapping(
            FlapDamping damping,
            Function<Instant, List<Down>> stored,
            FleetView fleet,
            InstantSource time,
            Executor elsewhere) {
        this.damping = damping;
        this.stored = stored;
        this.fleet = fleet;
        this.time = time;
        this.elsewhere = elsewhere;
    }

    /** Whether the row says that the unit is kept out. */
    public static boolean heldOut(UnitRow unit) {
        return unit.reason().startsWith(WORD);
    }

    /**
     * Why a unit that would come up by a beat is to stay out; null when it may come up. It may when
     * fewer others of its service are up than are held out with it: where most of them flap, they
     * have a cause in common, and the few others would only be overloaded.
     */
    public @Nullable String objection(UnitRow unit) {
        ConcurrentNavigableMap<Long, Instant> known = downs.get(unit.id());
        if (known == null) {
            return null;
        }
        FlapDamping.Hold hold = damping.decide(List.copyOf(known.values()));
        if (hold == null || !lasts(hold) || !othersCarryTheLoad(unit)) {
            return null;
        }
        return WORD
                + "%d times down, never calm for %s, held out until %s"
                        .formatted(
                                hold.downs(),
                                damping.settings().calm(),
                                hold.until().truncatedTo(ChronoUnit.SECONDS));
    }

    /**
     * No hold is longer than the longest: one that seems to be rests on another replica's clock,
     * with which this one does not agree.
     */
    private boolean lasts(FlapDamping.Hold hold) {
        Duration left = Duration.between(time.instant(), hold.until());
        return left.isPositive() && left.compareTo(damping.settings().maxHold()) <= 0;
    }

    private boolean othersCarryTheLoad(UnitRow unit) {
        int up = 0;
        int out = 1;
        for (UnitRow other : fleet.units()) {
            if (other.service().equals(unit.service()) && !other.id().equals(unit.id())) {
                up += other.phase() == Phase.UP ? 1 : 0;
                out += other.phase() != Phase.UP && heldOut(other) ? 1 : 0;
            }
        }
        return up >= out;
    }

    @Override
    public void changed(String clusterId, List<LoggedChange> changes) {
        for (LoggedChange change : changes) {
            UnitRow unit = change.unit();
            if (unit != null && unit.forgotten()) {
                downs.remove(unit.id());
            } else if (unit != null && wentDown(change.from(), unit.phase())) {
                note(unit.id(), change.revision(), change.at());
            }
        }
    }

    @Override
    public void reloaded(Position position, String reason) {
        elsewhere.execute(this::load);
    }

    private void load() {
        try {
            downs.clear();
            stored.apply(time.instant().minus(REMEMBERED))
                    .forEach(d -> note(d.unit(), d.revision(), d.at()));
        } catch (DataAccessException e) {
            // What is not known does not keep a unit out, and the next reload reads it again.
            log.warn("The times at which units went down could not be read: {}", e.getMessage());
        }
    }

    private void note(UnitId unit, long revision, Instant at) {
        ConcurrentNavigableMap<Long, Instant> known =
                downs.computeIfAbsent(unit, _ -> new ConcurrentSkipListMap<>());
        known.put(revision, at);
        known.values().removeIf(at.minus(REMEMBERED)::isAfter);
    }

    private static boolean wentDown(@Nullable Phase from, Phase to) {
        boolean served = from == Phase.UP || from == Phase.SUSPECT;
        return served
                && (to == Phase.DOWN_SILENT || to == Phase.DOWN_HUNG || to == Phase.DOWN_EXITED);
    }
}
