package dev.lepton.registry.lease;

import static dev.lepton.registry.unit.UnitBuilder.aUnit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.watch.Position;
import dev.lepton.registry.changelog.LoggedChange;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.unit.UnitBuilder;
import dev.lepton.registry.unit.UnitRow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;

/** Whom silence took, as the change log tells. */
class SilencedTests {

    private static final String CLUSTER = "cluster.1";
    private static final Duration WINDOW = Duration.ofSeconds(60);

    private final List<Instant> asked = new ArrayList<>();
    private List<LoggedChange> stored = List.of();
    private boolean away;
    private final Silenced silenced =
            new Silenced(WINDOW, this::since, () -> UnitBuilder.NOON, Runnable::run);

    @Test
    void unitThatSilenceTookIsToldOfOnce() {
        LoggedChange taken = taken("a", Phase.SUSPECT, Phase.DOWN_SILENT, "no beat for 6001 ms");

        silenced.changed(CLUSTER, List.of(taken));

        assertThat(silenced.news()).containsExactly(taken.unit());
        assertThat(silenced.news()).isEmpty();
    }

    @Test
    void whatSomethingElseTookIsNotToldOf() {
        silenced.changed(
                CLUSTER,
                List.of(
                        taken("a", Phase.SUSPECT, Phase.DOWN_SILENT, "node-a does not reach it"),
                        taken("b", Phase.DRAINING, Phase.DOWN_SILENT, "draining, and no beat"),
                        taken("c", Phase.UP, Phase.DOWN_HUNG, "no beat for 6001 ms"),
                        taken("d", Phase.UP, Phase.SUSPECT, "no beat for 3001 ms")));

        assertThat(silenced.news()).isEmpty();
    }

    @Test
    void whatWasTakenWithinOneWindowBeforeTheLoadIsToldOf() {
        stored = List.of(taken("a", Phase.SUSPECT, Phase.DOWN_SILENT, "no beat for 6001 ms"));

        silenced.reloaded(new Position(CLUSTER, 7), "the registry has started");

        assertThat(asked).containsExactly(UnitBuilder.NOON.minus(WINDOW));
        assertThat(silenced.news()).containsExactly(stored.getFirst().unit());
    }

    @Test
    void databaseThatDoesNotAnswerStillLetsLaterOnesBeToldOf() {
        away = true;
        silenced.reloaded(new Position(CLUSTER, 7), "the registry has started");
        LoggedChange taken = taken("a", Phase.SUSPECT, Phase.DOWN_SILENT, "no beat for 6001 ms");

        silenced.changed(CLUSTER, List.of(taken));

        assertThat(silenced.news()).containsExactly(taken.unit());
    }

    private List<LoggedChange> since(Instant begin) {
        asked.add(begin);
        if (away) {
            throw new DataAccessResourceFailureException("no database");
        }
        return stored;
    }

    private static LoggedChange taken(String id, Phase from, Phase to, String reason) {
        UnitRow unit = aUnit(id).in(to).row();
        return new LoggedChange(7, UnitBuilder.NOON, unit.id(), "test", from, reason, unit, null);
    }
}
