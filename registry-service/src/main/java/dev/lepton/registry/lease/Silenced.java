package dev.lepton.registry.lease;

import dev.lepton.client.watch.Position;
import dev.lepton.registry.changelog.LoggedChange;
import dev.lepton.registry.fleet.FleetSubscriber;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.unit.UnitRow;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Whom silence alone took, from the change log: what one leader took counts for the next, however
 * soon the unit was back, and after a restart of every replica. Safe for many threads.
 */
final class Silenced implements FleetSubscriber {

    /** How the reason of a unit begins that silence alone has taken. */
    static final String BECAUSE = "no beat for ";

    private static final Logger log = LoggerFactory.getLogger(Silenced.class);

    private final Duration window;
    private final Function<Instant, List<LoggedChange>> stored;
    private final InstantSource time;
    private final Executor elsewhere;
    private final Queue<UnitRow> untold = new ConcurrentLinkedQueue<>();

    /**
     * @param stored the changes that took a unit since an instant, in the order of the change log
     * @param elsewhere runs what must not hold up the reader of the change log
     */
    Silenced(
            Duration window,
            Function<Instant, List<LoggedChange>> stored,
            InstantSource time,
            Executor elsewhere) {
        this.window = window;
        this.stored = stored;
        this.time = time;
        this.elsewhere = elsewhere;
    }

    /** Whom it took since this was asked the last time, as they were then. */
    List<UnitRow> news() {
        List<UnitRow> news = new ArrayList<>();
        for (UnitRow unit = untold.poll(); unit != null; unit = untold.poll()) {
            news.add(unit);
        }
        return news;
    }

    @Override
    public void changed(String clusterId, List<LoggedChange> changes) {
        for (LoggedChange change : changes) {
            UnitRow unit = change.unit();
            if (unit != null
                    && change.from() == Phase.SUSPECT
                    && unit.phase() == Phase.DOWN_SILENT
                    && change.reason().startsWith(BECAUSE)) {
                untold.add(unit);
            }
        }
    }

    @Override
    public void reloaded(Position position, String reason) {
        elsewhere.execute(() -> load(position.clusterId()));
    }

    /** What is read twice, or was counted before, counts once. */
    private void load(String clusterId) {
        try {
            changed(clusterId, stored.apply(time.instant().minus(window)));
        } catch (DataAccessException e) {
            log.warn("Whom silence took before is not known: {}", e.getMessage());
        }
    }
}
