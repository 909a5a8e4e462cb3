package dev.lepton.registry.simulation.promise;

import static dev.lepton.registry.simulation.kernel.Spans.SECOND;

import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.lifecycle.Event;
import dev.lepton.registry.simulation.happening.Happening;
import dev.lepton.registry.simulation.happening.Happening.Committed;
import dev.lepton.registry.simulation.happening.Happening.Decided;
import dev.lepton.registry.simulation.happening.Happening.Looked;
import dev.lepton.registry.simulation.postgres.Tables;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * P3: within any window silence alone takes at most half, rounded down, of the units that were live
 * when it began; one that is taken twice counts once. A leader knows what it has taken itself, and
 * what others have taken since it began to look.
 */
public final class SilenceTakesHalf implements Promise {

    /** How old a leader's view of the fleet may be. */
    private static final long VIEW_AGE = SECOND;

    private record Live(long at, int count) {}

    /**
     * @param by the leader that took it, which has looked since {@code looksSince}
     */
    private record Taking(UnitId unit, long at, int live, UUID by, long looksSince) {

        boolean knows(Taking other) {
            return other.by.equals(by) || other.at >= looksSince;
        }
    }

    private final Tables tables;
    private final long windowNanos;
    private final long latestNanos;
    private final Map<UUID, Sight> sights = new HashMap<>();
    private final Deque<Live> lately = new ArrayDeque<>();
    private final List<Taking> decided = new ArrayList<>();
    private final List<Taking> taken = new ArrayList<>();

    /**
     * @param latest from one look to the next
     */
    public SilenceTakesHalf(Tables tables, Duration window, Duration latest) {
        this.tables = tables;
        this.windowNanos = window.toNanos();
        this.latestNanos = latest.toNanos();
    }

    @Override
    public void see(Happening happening, long now) {
        if (happening instanceof Looked look) {
            sights.computeIfAbsent(look.replica(), _ -> new Sight(latestNanos)).looked(look, now);
        } else if (happening instanceof Decided(var replica, var _, var row, var event, var _)
                && event == Event.LEASE_EXPIRED) {
            decided.removeIf(taking -> taking.unit.equals(row.id()));
            long since = sights.get(replica).firstLook();
            decided.add(new Taking(row.id(), now, mostLiveLately(now), replica, since));
        } else if (happening instanceof Committed(var change, var _, var _)
                && change.event().equals("lease-expired")) {
            decided.stream().filter(d -> d.unit.equals(change.unitId())).forEach(this::took);
        }
    }

    @Override
    public void look(long now) {
        lately.addLast(new Live(now, live()));
        while (now - lately.element().at > VIEW_AGE) {
            lately.remove();
        }
    }

    private void took(Taking taking) {
        taken.removeIf(earlier -> taking.at - earlier.at >= windowNanos);
        if (taken.stream().noneMatch(earlier -> earlier.unit.equals(taking.unit))) {
            taken.add(taking);
        }
        List<Taking> known = taken.stream().filter(taking::knows).toList();
        for (Taking first : known) {
            long count = known.stream().filter(one -> one.at >= first.at).count();
            if (count > first.live / 2) {
                throw new BrokenPromise(
                        "P3 silence takes at most half",
                        "%d of %d live units are taken since %.3f s: %s"
                                .formatted(count, first.live, first.at / 1e9, known));
            }
        }
    }

    private int mostLiveLately(long now) {
        return lately.stream()
                .filter(live -> now - live.at <= VIEW_AGE)
                .mapToInt(Live::count)
                .reduce(live(), Math::max);
    }

    private int live() {
        return (int) tables.units().stream().filter(Routing::mayRoute).count();
    }
}
