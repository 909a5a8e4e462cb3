package dev.lepton.registry.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.watch.Change;
import dev.lepton.registry.changelog.ChangeLog;
import dev.lepton.registry.changelog.LoggedChange;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.support.FreshDatabase;
import dev.lepton.registry.unit.UnitRow;
import dev.lepton.registry.watch.Session;
import dev.lepton.registry.watch.WatchValidators;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What replicas promise together, read from the change log and from what the clients saw: nothing
 * acknowledged is lost, whoever beats stays, a deposed leader changes nothing, each effect happens
 * once, and the watch shows every change once and in order.
 */
final class Kept {

    private static final Set<String> TAKEN =
            Set.of("suspected", "lease-expired", "preserving", "hung", "exited");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final FreshDatabase database;
    private final Ensemble ensemble;

    Kept(FreshDatabase database, Ensemble ensemble) {
        this.database = database;
        this.ensemble = ensemble;
    }

    /** Has PostgreSQL write down which epoch the leader row named when a change was logged. */
    static void record(FreshDatabase database) {
        database.jdbc().sql("CREATE TABLE epoch_at (revision bigint, epoch bigint)").update();
        database.jdbc()
                .sql(
                        """
                        CREATE FUNCTION note_epoch() RETURNS trigger LANGUAGE plpgsql AS $$
                        BEGIN
                            INSERT INTO epoch_at SELECT NEW.revision, epoch FROM leader;
                            RETURN NEW;
                        END $$\
                        """)
                .update();
        database.jdbc()
                .sql(
                        """
                        CREATE TRIGGER note_epoch BEFORE INSERT ON change_log
                        FOR EACH ROW EXECUTE FUNCTION note_epoch()\
                        """)
                .update();
    }

    /**
     * @param after the revision before the trial
     */
    void holds(long after) throws SQLException {
        long last = ensemble.revision();
        await().atMost(PATIENCE)
                .until(() -> ensemble.followers().stream().allMatch(f -> f.reached() >= last));
        List<LoggedChange> log = log();
        acknowledgedIsStored(log);
        deposedLeadersChangeNothing();
        whoeverBeatsStays(log, after);
        eachEffectHappensOnce(log);
        theWatchShowsAll(log);
    }

    private void acknowledgedIsStored(List<LoggedChange> log) {
        assertThat(
                        log.stream()
                                .map(LoggedChange::unit)
                                .filter(Objects::nonNull)
                                .map(UnitRow::startId))
                .as("P1: starts in the log")
                .containsAll(ensemble.units().stream().map(BeatingUnit::start).toList());
    }

    private void whoeverBeatsStays(List<LoggedChange> log, long after) {
        Set<?> beating = ensemble.beating().map(BeatingUnit::id).collect(Collectors.toSet());
        assertThat(log)
                .as("P2, P3: units that beat, with a longest gap of %s", ensemble.longestGap())
                .filteredOn(change -> change.revision() > after)
                .filteredOn(change -> beating.contains(change.unitId()))
                .filteredOn(change -> TAKEN.contains(change.event()))
                .isEmpty();
        assertThat(ensemble.beating().flatMap(unit -> unit.refusals().stream()))
                .as("refusals of units that beat")
                .isEmpty();
    }

    private void deposedLeadersChangeNothing() {
        assertThat(
                        database.jdbc()
                                .sql(
                                        """
                                        SELECT format('%s of %s in epoch %s of %s', event, unit_id, l.epoch, a.epoch)
                                        FROM change_log l LEFT JOIN epoch_at a USING (revision)
                                        WHERE l.epoch IS NOT NULL AND l.epoch IS DISTINCT FROM a.epoch\
                                        """)
                                .query(String.class)
                                .list())
                .as("P4: changes under an epoch that was not the leader's")
                .isEmpty();
        assertThat(
                        database.jdbc()
                                .sql(
                                        "SELECT epoch FROM change_log WHERE epoch IS NOT NULL ORDER BY revision")
                                .query(Long.class)
                                .list())
                .as("P4: epochs along the log")
                .isSorted();
    }

    /** Each change of a unit begins where the one before has ended. */
    private static void eachEffectHappensOnce(List<LoggedChange> log) {
        Map<String, UnitRow> last = new HashMap<>();
        List<String> broken = new ArrayList<>();
        for (LoggedChange change : log) {
            UnitRow now = change.unit();
            if (now == null) {
                continue;
            }
            UnitRow before = last.put(now.id().value(), now);
            Phase from = before == null ? null : before.phase();
            long version = before == null ? 0 : before.version();
            if (change.from() != from || now.version() != version + 1) {
                broken.add("%s after %s".formatted(change, before));
            }
        }
        assertThat(broken).as("changes that do not follow the one before").isEmpty();
    }

    private void theWatchShowsAll(List<LoggedChange> log) {
        List<Session> sessions =
                ensemble.followers().stream().flatMap(f -> f.sessions().stream()).toList();
        List<Change> views = log.stream().map(LoggedChange::view).toList();
        assertThat(WatchValidators.violations(sessions, views)).as("P5").isEmpty();
        assertThat(ensemble.followers())
                .as("followers that had to begin anew")
                .allMatch(f -> f.listedAgain() == 0);
    }

    private List<LoggedChange> log() throws SQLException {
        try (Connection connection = database.dataSource().getConnection()) {
            return ChangeLog.after(connection, 0, Integer.MAX_VALUE);
        }
    }
}
