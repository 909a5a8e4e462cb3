package dev.lepton.registry.incident;

import dev.lepton.client.watch.Position;
import dev.lepton.registry.changelog.ChangeLog;
import dev.lepton.registry.changelog.LoggedChange;
import dev.lepton.registry.incident.Happening.Ended;
import dev.lepton.registry.incident.Happening.Failed;
import dev.lepton.registry.incident.Happening.GivenUp;
import dev.lepton.registry.incident.Happening.NextStart;
import dev.lepton.registry.incident.Happening.Noted;
import dev.lepton.registry.incident.Happening.Unrelated;
import dev.lepton.registry.incident.Happening.Up;
import dev.lepton.registry.leader.Duties;
import dev.lepton.registry.unit.UnitRow;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * Follows the change log and writes the incidents that it tells of. How far it has come is stored
 * with the incidents in one transaction under the leader's guard, so that the next leader goes on
 * where this one ended.
 */
final class IncidentFollower {

    private static final int BATCH_LIMIT = 200;

    private final Duties duties;
    private final JdbcOperations jdbc;
    private final FollowedIncidents incidents;
    private final Supplier<Position> fleet;
    private @Nullable Position done;

    /**
     * @param fleet up to where this replica has seen the change log
     */
    IncidentFollower(
            Duties duties,
            JdbcOperations jdbc,
            FollowedIncidents incidents,
            Supplier<Position> fleet) {
        this.duties = duties;
        this.jdbc = jdbc;
        this.incidents = incidents;
        this.fleet = fleet;
    }

    /** Takes in what has been logged; asks PostgreSQL nothing when nothing has. */
    void follow() {
        Position seen = fleet.get();
        while (!seen.equals(done)) {
            Batch batch = new Batch();
            if (!duties.write(batch)) {
                return;
            }
            if (batch.read < BATCH_LIMIT) {
                done = seen;
            }
        }
    }

    /** One transaction. */
    private final class Batch implements Runnable {

        private int read;

        @Override
        public void run() {
            long from = incidents.position();
            ConnectionCallback<List<LoggedChange>> next =
                    connection -> ChangeLog.after(connection, from, BATCH_LIMIT);
            List<LoggedChange> changes = jdbc.execute(next);
            read = changes.size();
            changes.forEach(IncidentFollower.this::take);
            if (!changes.isEmpty()) {
                incidents.reached(changes.getLast().revision());
            }
        }
    }

    private void take(LoggedChange change) {
        UnitRow unit = change.unit();
        if (unit == null) {
            return;
        }
        switch (Happening.of(change)) {
            case Failed(var cause) -> incidents.failed(change, unit, cause);
            case NextStart _ -> incidents.nextStart(change, unit);
            case Noted _ -> incidents.noted(change, unit);
            case GivenUp _ -> incidents.gaveUp(change, unit);
            case Up _ -> incidents.up(change, unit);
            case Ended(var how) -> incidents.ended(change, unit, how);
            case Unrelated _ -> {}
        }
    }
}
