package dev.lepton.registry.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.unit.UnitId;
import dev.lepton.client.watch.Change;
import dev.lepton.registry.changelog.ChangeLog;
import dev.lepton.registry.changelog.EpochNotes;
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
    private final EpochNotes epochs;
    private final Ensemble ensemble;

    /**
     * @param epochs noted since the database is there
     */
    Kept(FreshDatabase database, EpochNotes epochs, Ensemble ensemble) {
        this.epochs = epochs;
        this.database = database;
        this.ensemble = ensemble;
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
        Set<UnitId> beating = ensemble.witnesses();
        assertThat(beating).as("units that the machine let beat").isNotEmpty();
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
        assertThat(epochs.changesOfDeposedLeaders()).as("P4").isEmpty();
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
                .allMatch(f -> f.lists() == 1);
    }

    private List<LoggedChange> log() throws SQLException {
        try (Connection connection = database.dataSource().getConnection()) {
            return ChangeLog.after(connection, 0, Integer.MAX_VALUE);
        }
    }
}
