package dev.lepton.supervisor.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.unit.Beater;
import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitAddress;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.client.unit.UnitView;
import dev.lepton.client.watch.WatchStatus;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class SightTests {

    private static final NodeName HERE = new NodeName("here");
    private static final NodeName THERE = new NodeName("there");
    private static final String NOBODY = "no registry answers that could confirm it";
    private static final WatchStatus FOLLOWED =
            new WatchStatus(URI.create("http://registry:8761"), null, 0L, false);

    @Test
    void aUnitThatNobodyKnowsMayBeStartedWhereARegistryAnswersAndIsFollowed() {
        assertThat(new Sight(true, FOLLOWED, null, false).obstacle(HERE)).isNull();
        assertThat(new Sight(false, FOLLOWED, null, false).obstacle(HERE)).isEqualTo(NOBODY);
    }

    @Test
    void aListThatIsNotBeingFollowedProvesNothing() {
        WatchStatus left = new WatchStatus(null, null, 100L, false);
        WatchStatus onDisk = new WatchStatus(FOLLOWED.connectedTo(), null, null, true);

        assertThat(new Sight(true, null, null, false).obstacle(HERE)).isEqualTo(NOBODY);
        assertThat(new Sight(true, left, null, false).obstacle(HERE)).isEqualTo(NOBODY);
        assertThat(new Sight(true, onDisk, null, false).obstacle(HERE)).isEqualTo(NOBODY);
    }

    @ParameterizedTest
    @EnumSource(
            value = UnitState.class,
            mode = Mode.EXCLUDE,
            names = {"DOWN", "QUARANTINED", "STOPPED"})
    void oneThatLivesOnAnotherNodeIsNotStartedHere(UnitState state) {
        assertThat(new Sight(true, FOLLOWED, unit(state, THERE), false).obstacle(HERE))
                .isEqualTo("the registry shows it %s on node there".formatted(state));
        assertThat(new Sight(true, FOLLOWED, unit(state, HERE), false).obstacle(HERE)).isNull();
        assertThat(new Sight(true, FOLLOWED, unit(state, null), false).obstacle(HERE)).isNull();
    }

    @ParameterizedTest
    @EnumSource(
            value = UnitState.class,
            names = {"DOWN", "QUARANTINED", "STOPPED"})
    void oneThatIsOverOnAnotherNodeMayBeStartedHere(UnitState state) {
        assertThat(new Sight(true, FOLLOWED, unit(state, THERE), false).obstacle(HERE)).isNull();
    }

    @Test
    void oneWhosePlaceIsAnothersIsNotStartedEither() {
        assertThat(new Sight(true, FOLLOWED, null, true).obstacle(HERE))
                .isEqualTo("the registry keeps its place for another process of it");
    }

    private static UnitView unit(UnitState state, @Nullable NodeName node) {
        return new UnitView(
                new UnitId("web-1"),
                new ServiceName("web"),
                StartId.random(),
                1,
                state,
                UnitAddress.http("10.0.0.1", 8080),
                node,
                Beater.SELF,
                null,
                100,
                null,
                null,
                Map.of(),
                Instant.EPOCH,
                "test");
    }
}
