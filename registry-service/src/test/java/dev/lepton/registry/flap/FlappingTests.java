package dev.lepton.registry.flap;

import static dev.lepton.registry.unit.UnitBuilder.NOON;
import static dev.lepton.registry.unit.UnitBuilder.aUnit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.watch.Position;
import dev.lepton.registry.flap.Downs.Down;
import dev.lepton.registry.fleet.SimulatedFleet;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.settings.FlapSettings;
import dev.lepton.registry.unit.UnitRow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class FlappingTests {

    private static final FlapSettings SETTINGS =
            new FlapSettings(
                    2,
                    Duration.ofMinutes(10),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(20),
                    Duration.ofMinutes(10));

    private final UnitRow unit = aUnit("a").in(Phase.RECOVERING).row();
    private Instant now = NOON;

    @Test
    void unitIsKeptOutUntilItsHoldEnds() {
        Flapping flapping = wentDownTwiceAt(NOON);

        now = NOON.plusSeconds(10).minusNanos(1);
        assertThat(flapping.objection(unit)).startsWith("flapping: 2 times down");
        now = NOON.plusSeconds(10);
        assertThat(flapping.objection(unit)).isNull();
    }

    @Test
    void clockThatDoesNotAgreeKeepsNobodyOutForLongerThanTheLongestHold() {
        assertThat(wentDownTwiceAt(NOON.plusSeconds(10)).objection(unit)).isNotNull();
        assertThat(wentDownTwiceAt(NOON.plusSeconds(10).plusNanos(1)).objection(unit)).isNull();
    }

    private Flapping wentDownTwiceAt(Instant at) {
        SimulatedFleet fleet = new SimulatedFleet(() -> 0);
        Position position = new Position("cluster", 2);
        fleet.load(position, List.of(unit, aUnit("b").row()), List.of(), 0);
        Flapping flapping =
                new Flapping(
                        new FlapDamping(SETTINGS),
                        _ -> List.of(new Down(unit.id(), 1, at), new Down(unit.id(), 2, at)),
                        fleet.view(),
                        () -> now,
                        Runnable::run);
        flapping.reloaded(position, "the test wants it");
        return flapping;
    }
}
